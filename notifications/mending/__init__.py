"""What operators do when something did not arrive or should not have: send again, cancel, take back."""
