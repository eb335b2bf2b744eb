"""What those who watch over the site may count."""
