"""The mail side: an SMTP server whose answers depend on the recipient, and the mailboxes it fills."""
