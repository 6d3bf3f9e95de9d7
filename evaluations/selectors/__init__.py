"""The doors for reading."""
