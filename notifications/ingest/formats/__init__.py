"""Formats of external sources (Selling Partner API, cart feeds), converted to SellerHub events; the raw body is kept."""
