"""Lines of the log away from who writes them: added by certificate, one part's to its own file, whole, and in the ledger when a day is over."""

import json
import logging
import os
import re
import threading
import time
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from config import log_digests, log_sender
from config.log_sender import Outbox, Sender, connect
from ledger.models import Record
from scripts import keys as making
from scripts.log_keeper import Server, Store
from tests.architecture.test_commands import free_port

TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    made = making.Keys(tmp_path_factory.mktemp("keys"), dict.fromkeys(making.PARTS, os.geteuid()))
    made.make(at=datetime.now(UTC))
    return made


@pytest.fixture
def store(tmp_path):
    (tmp_path / "logs").mkdir()
    return Store(tmp_path / "logs", kept_days=30)


@contextmanager
def serving(store, keys, port):
    with Server(("127.0.0.1", port), store=store, keys=keys.folder / "logs") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.fixture
def port(store, keys):
    chosen = free_port()
    with serving(store, keys, chosen):
        yield chosen


def kept(store) -> dict[str, list]:
    """Part → messages of today."""
    return {
        path.name.split(".")[1]: [json.loads(line)["message"] for line in path.read_text().splitlines()] for path in store.folder.iterdir()
    }


def test_each_part_adds_to_its_own_file(store, keys, port):
    for part in ("web", "worker"):
        sender = Sender(f"localhost:{port}", str(keys.folder / part))
        sender.setFormatter(logging.Formatter('{{"message": "{message} of ' + part + '"}}', style="{"))
        for number in range(3):
            sender.handle(logging.makeLogRecord({"msg": f"line {number}"}))
        assert sender.outbox.empty(10)
    assert kept(store) == {part: [f"line {number} of {part}" for number in range(3)] for part in ("web", "worker")}
    assert {path.stat().st_mode & 0o777 for path in store.folder.iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("part", "sent"),
    [
        ("caddy", b'{"message": "of none of ours"}\n\n'),
        ("web", b"?closed\n"),
        ("web", b'no JSON\n{"message": "x"}\n\n'),
        ("web", b"{" + b"x" * 70_000 + b"\n\n"),
        ("web", b"\n"),
    ],
)
def test_what_is_not_allowed_is_cut_off_and_leaves_nothing(part, sent, store, keys, port):
    with closing(connect("localhost", port, keys.folder / part)) as link:
        link.sendall(sent)
        with suppress(ConnectionError):  # cut off with bytes on the way
            assert link.recv(10) == b""
    assert kept(store) == {}


def test_who_has_no_certificate_of_ours_is_not_listened_to(store, keys, port, tmp_path):
    other = making.Keys(tmp_path / "other", dict.fromkeys(making.PARTS, os.geteuid()))
    other.folder.mkdir()
    other.make(at=datetime.now(UTC))
    (other.folder / "web" / "authority.pem").unlink()
    (other.folder / "web" / "authority.pem").write_bytes((keys.folder / "web" / "authority.pem").read_bytes())
    with pytest.raises(OSError), closing(connect("localhost", port, other.folder / "web")) as link:
        link.sendall(b'{"message": "x"}\n\n')
        link.recv(3)
    assert kept(store) == {}


def test_a_keeper_that_is_away_holds_up_nobody_and_is_told_what_was_lost(store, keys, monkeypatch):
    monkeypatch.setattr(log_sender, "ROOM", 5)
    monkeypatch.setattr(log_sender, "LONGEST_PAUSE", 0.1)
    port = free_port()
    outbox = Outbox(f"localhost:{port}", str(keys.folder / "web"))
    start = time.monotonic()
    outbox.add('{"message": "0"}')
    while outbox._waiting:  # it is being sent, in vain
        time.sleep(0.01)
    for number in range(1, 9):
        outbox.add(f'{{"message": "{number}"}}')
    assert time.monotonic() - start < 1
    assert not outbox.empty(0)
    with serving(store, keys, port):
        assert outbox.empty(10)
    lost = "Lines were lost while the keeper of the log was away."
    assert kept(store) == {"web": ["0", lost, "4", "5", "6", "7", "8"]}
    written = next(store.folder.iterdir()).read_text()
    assert json.loads(written.splitlines()[1])["lines"] == 3


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_sends_its_own_lines_and_none_of_its_parent(store, keys, port):
    outbox = Outbox(f"localhost:{port}", str(keys.folder / "web"))
    children = []
    for number in range(6):
        outbox.add(f'{{"message": "parent {number}"}}')
        child = os.fork()
        if child == 0:
            outbox.add(f'{{"message": "child {number}"}}')
            os._exit(0 if outbox.empty(10) else 1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 6
    assert outbox.empty(10)
    assert sorted(kept(store)["web"]) == [f"{who} {number}" for who in ("child", "parent") for number in range(6)]


def test_a_day_that_is_over_is_closed_and_forgotten_in_time(store):
    for days in (0, 1, 30, 31):
        day = datetime(2026, 11, 29, 12, tzinfo=UTC) - timedelta(days=days)
        store.add("web", [b'{"message": "a"}\n'], now=lambda day=day: day)
    assert sorted(store.closed(today=TODAY)) == ["2026-10-29.web.jsonl", "2026-10-30.web.jsonl", "2026-11-28.web.jsonl"]
    assert store.forget(today=TODAY) == ["2026-10-29.web.jsonl"]
    cut = store.folder / "2026-11-29.web.jsonl"
    cut.write_bytes(b'{"message": "a"}\n{"mess')
    store.add("web", [b'{"message": "b"}\n'], now=lambda: datetime(2026, 11, 29, 13, tzinfo=UTC))
    assert cut.read_bytes() == b'{"message": "a"}\n{"mess\n{"message": "b"}\n'


@pytest.mark.django_db
def test_the_ledger_knows_a_closed_day_and_tells_when_it_was_changed(store, keys, port, settings):
    with pytest.raises(CommandError, match="LOG_KEEPER is empty"):
        call_command("log_digests")
    settings.LOG_KEEPER, settings.INNER_KEYS = f"localhost:{port}", str(keys.folder / "worker")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for part in ("web", "worker"):
        store.add(part, [b'{"message": "a"}\n'], now=lambda: yesterday)
    store.add("web", [b'{"message": "of today"}\n'])
    names = [f"{yesterday.date()}.{part}.jsonl" for part in ("web", "worker")]
    assert [log_digests.compare(), log_digests.compare()] == [(names, []), ([], [])]
    subjects = Record.objects.filter(action="log.close").order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == [f"log:{name.removesuffix('.jsonl')}" for name in names]
    for name in names:
        (store.folder / name).chmod(0o600)
    (store.folder / names[0]).write_bytes(b'{"message": "b"}\n')
    (store.folder / names[1]).unlink()
    with pytest.raises(CommandError, match=re.escape(", ".join(names))):
        call_command("log_digests")
