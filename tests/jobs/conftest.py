import pytest

from jobs import registry
from tests.jobs import kinds


@pytest.fixture(autouse=True)
def test_kinds(monkeypatch):
    """The kinds of this folder, for the length of one test."""
    monkeypatch.setattr(registry, "_kinds", dict(registry.kinds()))
    kinds.register()
    kinds.seen.clear()
    yield kinds
