"""The border to Zalo: its field names, codes and addresses stay in here."""
