import pytest

from config.celery import app
from jobs import registry
from jobs.services import hint
from tests.jobs import kinds


@pytest.fixture(autouse=True)
def test_kinds(monkeypatch):
    """The kinds of this folder, for the length of one test."""
    monkeypatch.setattr(registry, "_kinds", dict(registry.kinds()))
    kinds.register()
    kinds.seen.clear()
    yield kinds


@pytest.fixture
def on_broker(monkeypatch):
    """`on_broker(url, **transport_options)`: our own messages go to this broker."""
    names = ("broker_url", "broker_write_url", "broker_read_url", "broker_transport_options")
    before = {name: app.conf[name] for name in names}

    def connect(url, **transport_options):
        monkeypatch.setattr(hint, "_silent_until", 0.0)
        change(dict.fromkeys(names[:3], url) | {"broker_transport_options": transport_options})

    def change(conf):
        app.conf.update(conf)
        app.close()  # drops the pool of connections to the broker before
        app.__dict__.pop("amqp", None)

    yield connect
    change(before)
