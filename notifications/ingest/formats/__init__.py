"""Formats of external sources (Selling Partner API, cart feeds), converted to SellerHub events; raw bodies are kept."""
