"""What operators tell many shops: written, previewed, released, sent in chunks, stopped, taken back."""
