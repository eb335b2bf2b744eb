"""What is deleted: by age every night, or because a person or a shop wants to be forgotten."""
