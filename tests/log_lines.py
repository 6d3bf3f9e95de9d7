"""What is logged while a test runs, as production writes it."""

import json
import logging

import pytest

from config.logs import JsonLines, RequestIdFilter


@pytest.fixture
def lines(monkeypatch):
    """What is logged while the test runs, as production writes it."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            text = JsonLines().format(record)
            assert "\n" not in text
            written.append(json.loads(text))

    handler = Kept()
    handler.addFilter(RequestIdFilter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


def of(lines, logger):
    return [line for line in lines if line["logger"] == logger]
