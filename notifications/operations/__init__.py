"""Tasks of operators and periodic tasks: broadcasts, redelivery, metrics, retention, erasure, emergency call list."""
