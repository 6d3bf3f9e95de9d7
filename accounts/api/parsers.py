"""Bodies as JSON, from whoever sends them."""

from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as fault:  # a thousand brackets
            raise ParseError("JSON parse error - too deep") from fault
