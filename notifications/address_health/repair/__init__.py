"""Repair suppressed addresses and redeliver their held notifications."""
