"""A world on loopback for development: mailboxes that behave as their address says. The site does not know it."""
