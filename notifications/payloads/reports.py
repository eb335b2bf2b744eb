"""Scheduled reports."""

from .base import Id, Payload, Period, Url


class ReportReady(Payload):
    """What all four reports carry."""

    report_id: Id
    period: Period
    url: Url

    def references(self) -> tuple[str, ...]:
        return (self.report_id,)
