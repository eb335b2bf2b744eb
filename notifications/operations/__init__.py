"""What operators and time do: broadcasts, redelivery, metrics, retention, erasure, the emergency call list."""
