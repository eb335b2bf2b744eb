"""Notifications of the Selling Partner API: one module for each topic; `parser` maps types to parsers."""

from .parser import SellingPartner

__all__ = ["SellingPartner"]
