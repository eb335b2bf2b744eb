"""Notifications of the Selling Partner API: one file for each kind of news, and one table of them in `reading`."""

from .parser import SellingPartner

__all__ = ["SellingPartner"]
