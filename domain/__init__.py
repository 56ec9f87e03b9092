"""The trade in plain Python: what things are and what may happen to them. Knows no other room."""
