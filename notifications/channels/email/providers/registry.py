"""The table of providers: the Anymail view that parses each one's requests, and the class for its differences."""

from .amazon_ses import AmazonSes
from .base import Provider
from .mailgun import Mailgun
from .postmark import Postmark
from .sendgrid import SendGrid

# Mandrill is missing: Anymail reads its key from its own settings, and we could not test it.
_ALL = (
    AmazonSes("amazon_ses", "amazon_ses.AmazonSESTrackingWebhookView"),
    Provider("brevo", "brevo.BrevoTrackingWebhookView"),
    Provider("mailersend", "mailersend.MailerSendTrackingWebhookView", key="signing_secret"),
    Mailgun("mailgun", "mailgun.MailgunTrackingWebhookView", key="webhook_signing_key"),
    Provider("mailjet", "mailjet.MailjetTrackingWebhookView"),
    Provider("mailtrap", "mailtrap.MailtrapTrackingWebhookView"),
    Provider("postal", "postal.PostalTrackingWebhookView", key="webhook_key"),
    Postmark("postmark", "postmark.PostmarkTrackingWebhookView"),
    Provider("resend", "resend.ResendTrackingWebhookView"),
    SendGrid("sendgrid", "sendgrid.SendGridTrackingWebhookView", key="tracking_webhook_verification_key"),
    Provider("sparkpost", "sparkpost.SparkPostTrackingWebhookView"),
    Provider("unisender_go", "unisender_go.UnisenderGoTrackingWebhookView", key="api_key"),
)
PROVIDERS = {provider.name: provider for provider in _ALL}
