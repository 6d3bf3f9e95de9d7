import hashlib
import hmac
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ledger.domain.anchor import Anchor
from ledger.domain.digests import NO_SEAL, private_digest, record_digest, seal_hash

AT = datetime(2026, 3, 1, 8, 5, 7, 90, tzinfo=timezone(timedelta(hours=8)))
RECORD = {
    "at": AT,
    "actor": "user:12",
    "action": "application.submit",
    "subject": "application:5",
    "scope": "competition:3",
    "request": "ab",
    "before": {"state": "draft"},
    "after": {"state": "submitted", "revision": 2},
    "private": {"note": "cd"},
}


def test_a_record_by_hand():
    text = (
        '{"action":"application.submit","actor":"user:12","after":{"revision":2,"state":"submitted"},"at":"2026-03-01T00:05:07.000090Z",'
        '"before":{"state":"draft"},"format":1,"private":{"note":"cd"},"request":"ab","scope":"competition:3","subject":"application:5"}'
    )
    assert record_digest(**RECORD) == hashlib.sha256(text.encode()).hexdigest()
    assert record_digest(**{**RECORD, "at": AT.astimezone(UTC)}) == record_digest(**RECORD)


@pytest.mark.parametrize("name", RECORD)
def test_each_part_of_a_record_counts(name):
    other = AT + timedelta(microseconds=1) if name == "at" else {"x": "y"} if name in ("before", "after", "private") else "x:1"
    assert record_digest(**{**RECORD, name: other}) != record_digest(**RECORD)


def test_a_seal_by_hand():
    text = f'{{"at":"2026-03-01T00:05:07.000090Z","format":1,"number":1,"previous":"{NO_SEAL}","root":"ef","size":3}}'
    assert seal_hash(number=1, at=AT, size=3, root="ef", previous=NO_SEAL) == hashlib.sha256(text.encode()).hexdigest()


def test_a_private_text_is_worth_something_only_with_its_salt():
    assert private_digest("00ff", "张三") == hmac.new(b"\x00\xff", "张三".encode(), "sha256").hexdigest()
    assert private_digest("00fe", "张三") != private_digest("00ff", "张三")


def test_an_anchor_is_read_as_it_is_printed():
    assert Anchor.parse(" 12:" + "aB" * 32 + "\n") == Anchor(12, "ab" * 32)


@pytest.mark.parametrize("text", ["", "12", "0:" + "a" * 64, "-1:" + "a" * 64, "12:" + "a" * 63, "12:" + "g" * 64, "１:" + "a" * 64])
def test_anything_else_is_no_anchor(text):
    with pytest.raises(ValueError, match="NUMBER:HASH"):
        Anchor.parse(text)
