"""Rows that have a name in both languages."""

from django.utils.translation import get_language


class Named:
    """`str()` is the name in the reader's language, the other one where that is empty."""

    def __str__(self):
        return self.words("name")

    def words(self, field: str, language: str | None = None) -> str:
        """`row.words("summary")` → `summary_en` for a reader of English where there is one, else `summary_zh`."""
        language = language or get_language() or "zh-hans"
        first, second = ("en", "zh") if language.startswith("en") else ("zh", "en")
        return getattr(self, f"{field}_{first}") or getattr(self, f"{field}_{second}")
