"""The crash harness: `python -m tests.crash` kills the server again and again under load and counts."""
