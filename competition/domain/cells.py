"""Cells of tables that are opened in a spreadsheet."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what makes a spreadsheet compute


def harmless(text) -> str:
    """A cell that no spreadsheet computes."""
    text = str(text)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
