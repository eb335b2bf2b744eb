"""Where notifications go: e-mail addresses, LINE links, preferences and the routing between them."""
