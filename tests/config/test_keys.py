"""Certificates and passwords by which the parts know each other: made, renewed in time, each for one reader (scripts/keys.py); what they do on
real servers stands in tests/architecture/test_compose_runs.py."""

import os
import stat
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from cryptography import x509

from config.keys import Keys
from scripts import keys as making
from tests.cast import sign_in
from tests.factories.accounts import give, make_user

AT = datetime(2024, 3, 4, 5, 6, tzinfo=UTC)
USERS = dict.fromkeys(making.PARTS, os.geteuid())


@pytest.fixture
def keys(tmp_path):
    made = making.Keys(tmp_path / "keys", USERS)
    made.folder.mkdir()
    assert made.make(at=AT) == ["authority", *making.PARTS]
    return made


def test_a_part_is_renewed_in_the_last_third_of_its_time(keys):
    assert keys.make(at=AT + timedelta(days=59)) == []
    keys.make(at=AT + timedelta(days=30), anew=("redis",))
    assert keys.make(at=AT + timedelta(days=61)) == [name for name in making.PARTS if name != "redis"]
    left = keys.left(at=AT + timedelta(days=61))
    assert {name: left[name].days for name in ("redis", "web", "authority")} == {"redis": 59, "web": 90, "authority": 3589}


def test_what_is_lost_broken_or_of_another_authority_is_made_again(keys, tmp_path):
    (keys.folder / "web" / "own.pem").unlink()
    (keys.folder / "worker" / "own.pem").chmod(0o600)
    (keys.folder / "worker" / "own.pem").write_text("half a certific")
    (keys.folder / "scheduler" / "redis-password").unlink()
    other = making.Keys(tmp_path / "other", USERS)
    other.folder.mkdir()
    other.make(at=AT)
    (other.folder / "caddy" / "own.pem").rename(keys.folder / "caddy" / "own.pem")
    assert keys.make(at=AT) == ["web", "worker", "scheduler", "caddy"]
    assert keys.make(at=AT + timedelta(days=3650 * 2 // 3 + 1)) == ["authority", *making.PARTS]


def test_each_file_is_for_one_reader_and_each_certificate_for_its_use(keys):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in keys.folder.glob("*/*") if path.name != "lock"}
    assert (modes, {stat.S_IMODE(path.stat().st_mode) for path in keys.folder.glob("*")}) == ({0o400}, {0o700})
    assert sorted(path.name for path in (keys.folder / "caddy").iterdir()) == ["authority.pem", "own.pem"]
    uses = {
        name: [use._name for use in keys.certificate(name).extensions.get_extension_for_class(x509.ExtendedKeyUsage).value]
        for name in ("postgres", "web", "prepare")
    }
    assert uses == {"postgres": ["serverAuth"], "web": ["serverAuth", "clientAuth"], "prepare": ["clientAuth"]}
    passwords = [(keys.folder / name / "redis-password").read_text() for name in ("web", "worker", "scheduler")]
    assert [word for word in passwords if word in (keys.folder / "redis" / "users.acl").read_text()] == []
    assert len(set(passwords)) == 3


def test_the_commands_say_what_holds_and_never_a_key(keys, monkeypatch, capsys):
    monkeypatch.setenv("KEYS", str(keys.folder))
    monkeypatch.setattr(making, "Keys", partial(making.Keys, users=USERS))
    monkeypatch.setenv("VAULT", str(keys.folder.parent / "vault"))
    assert making.main(["check"]) == f"missing or not renewed in time: {', '.join(making.PARTS)}, secret_key, email_url"
    assert making.main(["renew"]) is None
    assert making.main(["check"]) == "missing or not renewed in time: secret_key, email_url"
    assert making.main(["list"]) is None
    said = capsys.readouterr().out
    assert "caddy      89 days left" in said and "PRIVATE" not in said
    assert making.main(["renew", "nobody"]) == "no part of this name: nobody"


@pytest.mark.django_db
def test_the_operator_and_the_monitor_see_how_long_they_hold(keys, settings, client):
    operator = make_user("Operator")
    give(operator, "operator", "*")
    page = sign_in(operator)
    settings.KEYS, settings.METRICS_TOKEN = Keys(keys.folder / "web", "web"), "of the monitor"
    for age, state in ((timedelta(days=69), "done"), (timedelta(days=71), "bad")):
        keys.make(at=datetime.now(UTC) - age, anew=("web",), authority=True)
        row = page.get("/operations/").context["checks"][-1]
        assert (row["state"], bool(row["note"])) == (state, state == "bad")
        text = client.get("/metrics", headers={"Authorization": "Bearer of the monitor"}).content.decode()
        seconds = float(text.partition("\nsaima_inner_certificate_seconds ")[2].split()[0])
        assert abs(seconds - (timedelta(days=90) - age).total_seconds()) < 60
