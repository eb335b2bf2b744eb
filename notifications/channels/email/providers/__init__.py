"""Webhooks of e-mail providers, translated to delivery events. A file for each provider; `registry.py` lists all."""
