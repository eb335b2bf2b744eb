"""What developers use and production does not have: demo, sandbox, embedded servers, scripts and benchmarks."""
