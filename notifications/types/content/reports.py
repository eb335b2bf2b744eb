"""Message content about scheduled reports that are ready, cancelled or failed."""

from ..payloads.reports import ReportOutcome, ReportReady
from .message_content import Fact, MessageContent
from .recipient_context import RecipientContext


def report_open_listings(report: ReportReady, to: RecipientContext) -> MessageContent:
    return _told(report, to.gettext("Open listings report"), to)


def report_order_fulfillment(report: ReportReady, to: RecipientContext) -> MessageContent:
    return _told(report, to.gettext("Order fulfilment report"), to)


def report_sold_listings(report: ReportReady, to: RecipientContext) -> MessageContent:
    return _told(report, to.gettext("Sold listings report"), to)


def report_cancelled_listings(report: ReportReady, to: RecipientContext) -> MessageContent:
    return _told(report, to.gettext("Cancelled listings report"), to)


def _told(report: ReportReady, name: str, to: RecipientContext) -> MessageContent:
    match report.outcome:
        case ReportOutcome.READY:
            return _ready(report, name, to)
        case ReportOutcome.CANCELLED:
            return _cancelled(report, name, to)
        case ReportOutcome.FAILED:
            return _failed(report, name, to)


def _facts(report: ReportReady, name: str, to: RecipientContext) -> tuple[Fact, ...]:
    _ = to.gettext
    period = () if report.period is None else (Fact(_("Period"), to.period(report.period)),)
    return (Fact(_("Report"), name), *period, Fact(_("Report ID"), report.report_id))


def _ready(report: ReportReady, name: str, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    file: tuple[Fact, ...] = ()
    todo = _("Download the report from the reports page of your seller account.")
    if report.url is not None:
        file = (Fact(to.pgettext("report", "File"), _("Download the report"), report.url),)
        todo = _("Download the report while it is available.")
    headline = _("Your report is ready: %(report)s") % {"report": name}
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("Your scheduled report is ready to be downloaded."),
        facts=(*_facts(report, name, to), *file),
        todo=(todo,),
        action=_("View the notification"),
    )


def _cancelled(report: ReportReady, name: str, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    headline = _("Your report was cancelled: %(report)s") % {"report": name}
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("Your report was cancelled: there was nothing to report, or it was called off."),
        facts=_facts(report, name, to),
        todo=(
            _("If you expected data in it, check its period and request the report again."),
            _("Otherwise there is nothing you need to do."),
        ),
        action=_("View the notification"),
    )


def _failed(report: ReportReady, name: str, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    headline = _("Your report failed: %(report)s") % {"report": name}
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("Your report could not be made because of an error at the marketplace."),
        facts=_facts(report, name, to),
        todo=(
            _("Request the report again on the reports page of your seller account."),
            _("If it fails again, tell the support team the report ID."),
        ),
        action=_("View the notification"),
    )
