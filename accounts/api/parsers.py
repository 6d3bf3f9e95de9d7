"""Bodies as JSON, from whoever sends them."""

from django.core.exceptions import SuspiciousOperation
from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    def parse(self, stream, media_type=None, parser_context=None):
        try:
            found = super().parse(stream, media_type, parser_context)
            unwritable = _unwritable(found)
        except RecursionError as fault:  # a thousand brackets
            raise ParseError("JSON parse error - too deep") from fault
        if unwritable:
            raise ParseError("JSON parse error - a character that no text has")
        return found


def _unwritable(value) -> bool:
    """Does a text in it hold NUL or half a character? No database keeps either."""
    if isinstance(value, str):
        return "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        return any(_unwritable(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(_unwritable, value))


class UploadParser(parsers.MultiPartParser):
    """Files with a few fields beside them; config.uploads bounds what is kept."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except SuspiciousOperation as fault:  # fields beyond number or size
            raise ParseError("Multipart form parse error - too large") from fault
