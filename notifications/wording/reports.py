"""Scheduled reports."""

from ..payloads.reports import ReportReady
from .reader import Reader
from .story import Fact, Story


def report_open_listings(report: ReportReady, to: Reader) -> Story:
    return _ready(report, to.gettext("Open listings report"), to)


def report_order_fulfillment(report: ReportReady, to: Reader) -> Story:
    return _ready(report, to.gettext("Order fulfilment report"), to)


def report_sold_listings(report: ReportReady, to: Reader) -> Story:
    return _ready(report, to.gettext("Sold listings report"), to)


def report_cancelled_listings(report: ReportReady, to: Reader) -> Story:
    return _ready(report, to.gettext("Cancelled listings report"), to)


def _ready(report: ReportReady, name: str, to: Reader) -> Story:
    _ = to.gettext
    headline = _("Your report is ready: %(report)s") % {"report": name}
    return Story(
        headline=headline,
        subject=to.subject(headline),
        happened=_("Your scheduled report is ready to be downloaded."),
        facts=(
            Fact(_("Report"), name),
            Fact(_("Period"), to.period(report.period)),
            Fact(_("Report ID"), report.report_id),
            Fact(to.pgettext("report", "File"), _("Download the report"), report.url),
        ),
        todo=(_("Download the report while it is available."),),
        action=_("View the notification"),
    )
