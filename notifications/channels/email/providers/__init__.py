"""What mail providers tell of our mail, in our words. A file for each provider; `table.py` names them all."""
