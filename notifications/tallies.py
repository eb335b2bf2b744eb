"""Counters written in the transaction that did the work, so that they cannot disagree with it."""
