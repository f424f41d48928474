"""The application: see README.md for a walk through its files."""
