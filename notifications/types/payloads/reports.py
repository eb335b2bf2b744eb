"""Payload of a scheduled report."""

from enum import StrEnum

from .base import Id, Payload, Period, Url


class ReportOutcome(StrEnum):
    READY = "ready"
    CANCELLED = "cancelled"
    """Nothing to report, or cancelled by a user: the marketplace does not say which."""
    FAILED = "failed"


class ReportReady(Payload):
    """Fields shared by all four reports."""

    report_id: Id
    period: Period | None = None
    url: Url | None = None
    outcome: ReportOutcome = ReportOutcome.READY

    def references(self) -> tuple[str, ...]:
        return (self.report_id,)
