"""Secrets in files: the settings read them, the vault makes, hands out, renews and destroys them (scripts/vault.py)."""

import io
import os
import stat
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secret_files import secret
from scripts import keys as making
from scripts import vault as keeping

USERS = dict.fromkeys(making.PARTS, os.geteuid())
MAIL = "smtp+tls://saima:letters@mail.lan:587"


@pytest.fixture
def keys(tmp_path, monkeypatch):
    monkeypatch.setattr(making, "Keys", partial(making.Keys, users=USERS))
    monkeypatch.setenv("VAULT", str(tmp_path / "vault"))
    monkeypatch.setenv("KEYS", str(tmp_path / "keys"))
    (tmp_path / "keys").mkdir()
    return making.Keys(tmp_path / "keys")


@pytest.fixture
def vault(tmp_path, keys):
    return keeping.Vault(tmp_path / "vault")


def handed(keys) -> dict[str, set[str]]:
    return {
        part: names for part in making.PARTS if (names := {path.name for path in (keys.folder / part).glob("*")} & set(keeping.SECRETS))
    }


def test_each_part_is_handed_what_it_needs_and_has_it_no_longer_than_the_vault(vault, keys, monkeypatch):
    assert vault.missing() == ["secret_key", "email_url"]
    assert keeping.main(["make", "secret_key"]) is None
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{MAIL}\n"))
    assert keeping.main(["put", "email_url"]) is None
    of_data = {"prepare": {"secret_key"}, "web": {"secret_key"}, "worker": {"secret_key", "email_url"}}
    assert (vault.missing(), handed(keys)) == ([], of_data)
    assert (keys.folder / "worker" / "email_url").read_text() == MAIL
    assert stat.S_IMODE((keys.folder / "worker" / "email_url").stat().st_mode) == 0o400
    assert stat.S_IMODE(vault.folder.stat().st_mode) == 0o700

    assert keeping.main(["make", "metrics_token"]) is None
    assert handed(keys)["web"] == {"secret_key", "metrics_token"}
    assert keeping.main(["destroy", "metrics_token"]) is None
    assert handed(keys) == of_data
    assert [line.split()[1:] for line in (vault.folder / "history").read_text().splitlines()] == [
        ["secret_key", "made"],
        ["email_url", "put", "in"],
        ["metrics_token", "made"],
        ["metrics_token", "destroyed"],
    ]


def test_a_new_key_leaves_the_old_one_in_force_until_it_is_destroyed(vault, keys):
    vault.make("secret_key")
    first = vault.value("secret_key")
    assert keeping.main(["renew", "secret_key"]) is None
    second = vault.value("secret_key")
    vault.renew("secret_key")
    assert vault.value("secret_key_fallbacks").split(",") == [second, first]
    assert len({first, second, vault.value("secret_key")}) == 3
    vault.hand_out(keys)
    assert (keys.folder / "web" / "secret_key_fallbacks").read_text() == f"{second},{first}"
    assert keeping.main(["destroy", "secret_key_fallbacks"]) is None
    assert not (keys.folder / "web" / "secret_key_fallbacks").exists()


@pytest.mark.parametrize(
    ("verb", "name", "word"),
    [
        ("destroy", "secret_key", "nothing starts"),
        ("make", "secret_key", "is there already"),
        ("renew", "email_url", "made by others"),
        ("make", "email_url", "made by others"),
        ("destroy", "metrics_token", "There is no metrics_token"),
        ("put", "secret_key", "at least 50 characters"),
        ("put", "email_url", "one line"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(verb, name, word, vault, monkeypatch):
    vault.make("secret_key")
    before = vault.value("secret_key")
    monkeypatch.setattr("sys.stdin", io.StringIO({"secret_key": "hunter2", "email_url": "one\ntwo"}.get(name, "")))
    assert word in keeping.main([verb, name])
    assert (vault.value("secret_key"), vault.value("email_url")) == (before, "")


def test_the_list_says_since_when_and_what_is_due_and_shows_nothing(vault, capsys):
    for name, days in (("secret_key", 731), ("email_url", 365)):
        vault.make(name) if name == "secret_key" else vault.put(name, MAIL)
        then = (datetime.now(UTC) - timedelta(days=days, hours=1)).timestamp()
        os.utime(vault.folder / name, (then, then))
    assert keeping.main(["list"]) is None
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "731 days" in lines["secret_key"] and lines["secret_key"].endswith(" DUE")
    assert "365 days" in lines["email_url"] and not lines["email_url"].endswith(" DUE")
    assert [name for name, line in lines.items() if " none " in line] == [name for name in keeping.SECRETS if not vault.value(name)]
    assert [word for word in (MAIL, vault.value("secret_key")) if word in str(lines)] == []


def test_secrets_of_an_env_file_are_taken_once(vault):
    old = {"SECRET_KEY": "7f3c91" * 10, "EMAIL_URL": MAIL, "METRICS_TOKEN": "", "SITE_NAME": "saima.lan"}
    assert vault.take(old) == ["secret_key", "email_url"]
    assert vault.take(old | {"EMAIL_URL": "smtp://other.lan"}) == ["secret_key", "email_url"]
    assert (vault.value("secret_key"), vault.value("email_url")) == (old["SECRET_KEY"], MAIL)


def test_what_an_agent_writes_is_handed_on(vault, keys):
    vault.make("secret_key")
    keys.make(at=datetime.now(UTC))
    vault.hand_out(keys)
    (vault.folder / "email_url").write_text(f"{MAIL}\n")
    assert vault.to_hand_out(keys) == ["email_url"]
    vault.hand_out(keys)
    assert vault.to_hand_out(keys) == []
    assert (keys.folder / "worker" / "email_url").read_text() == MAIL


def test_a_setting_is_read_from_its_file(tmp_path, monkeypatch):
    path = tmp_path / "token"
    monkeypatch.setenv("METRICS_TOKEN_FILE", str(path))
    assert secret("METRICS_TOKEN") == ""
    path.write_text("of the monitor\n")
    assert secret("METRICS_TOKEN") == "of the monitor"
    monkeypatch.setenv("METRICS_TOKEN", "another")
    with pytest.raises(ImproperlyConfigured, match="only one may be"):
        secret("METRICS_TOKEN")
    monkeypatch.delenv("METRICS_TOKEN_FILE")
    assert secret("METRICS_TOKEN") == "another"
    monkeypatch.delenv("METRICS_TOKEN")
    monkeypatch.setenv("METRICS_TOKEN_FILE", str(tmp_path))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        secret("METRICS_TOKEN")
