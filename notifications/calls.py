"""The emergency call list: who is to be called when a large-scale event touches orders or shipments."""
