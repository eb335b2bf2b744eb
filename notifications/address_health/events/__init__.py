"""Turn bounces and providers' webhook events into mail reports."""
