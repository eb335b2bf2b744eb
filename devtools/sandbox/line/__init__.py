"""A LINE platform: LINE Login, Messaging API, webhooks and phones, with the faults that the real one has."""
