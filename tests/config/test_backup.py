"""Backup and restore, from the database of this run to the other one."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from urllib.parse import quote

import environ
import psycopg
import pyrage
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from config.backup import ROWS_AT_ONCE
from config.backup_cipher import new_key, recipient
from ledger.models import Record
from tests.architecture.compose import ROOT
from tests.cast import make_cast
from tests.conftest import on_postgresql
from tests.factories.decisions import make_staff, release
from tests.factories.papers import judge
from tests.factories.standings import make_closed_round

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(200)]


@pytest.fixture
def storage(settings, tmp_path):
    own = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = settings.STORAGES | {"default": own}
    return tmp_path / "files"


@pytest.fixture
def installation(storage):
    """A round judged, closed and released, with its records, a file in a folder and one with a Chinese name."""
    round, entries = make_closed_round(("91.20", "88.45", "85.15", "80.10", "72.95"))
    judge(round, entries, 3)
    release(round, make_staff(round))
    default_storage.save("attachments/7f/a", ContentFile(b"%PDF-1.7 " + bytes(range(256)) * 9000))
    default_storage.save("登记证书.pdf", ContentFile(b"%PDF-1.4"))


@pytest.fixture
def other_url(request, tmp_path):
    if on_postgresql():
        yield f"sqlite:///{quote(str(tmp_path / 'other.sqlite3'))}"
        return
    facts = environ.Env.db_url_config(request.getfixturevalue("postgresql_url"))
    own = f"restored_{os.getpid()}"
    with psycopg.connect(host=facts["HOST"], user=facts["USER"], dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {own}")
        yield f"postgresql://{facts['USER']}@/{quote(facts['HOST'])}/{own}"
        server.execute(f"DROP DATABASE {own} WITH (FORCE)")


@pytest.fixture
def other(other_url, tmp_path):
    """`other("command", …)`: manage.py of an installation of its own on the other database; gives its exit status and words."""
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "other"), "DATABASE_URL": other_url, "SECRET_KEY": "tests only"}

    def manage(*command) -> tuple[int, str]:
        command = [sys.executable, "manage.py", *map(str, command)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    return manage


def parts(path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def written(path) -> dict:
    call_command("backup", str(path), stdout=io.StringIO())
    return json.loads(parts(path)["manifest.json"])


def test_everything_arrives_on_the_other_database(installation, other, tmp_path):
    many = 2 * ROWS_AT_ONCE + 7  # more than are inserted at once: none is lost between two batches
    User.objects.bulk_create(User(email=f"{number}@example.org", password="!") for number in range(many))
    manifest = written(tmp_path / "a.tar")
    rows = manifest["rows"]
    assert rows["accounts.User"] > many
    [made] = Record.objects.filter(subject="backup")  # written after it, so not in it
    assert (made.action, made.after["anchor"]) == ("backup.make", manifest["anchor"])
    assert made.after["sha256"] == hashlib.sha256((tmp_path / "a.tar").read_bytes()).hexdigest()
    assert (rows["accounts.User"], rows["ledger.Record"]) == (User.objects.count(), Record.objects.count() - 1)
    assert rows["ledger.Record"] > 15 and rows["ledger.Seal"] > 0 and rows["evaluations.Mark"] > 20 and rows["competition.Standing"] > 3
    assert sorted(name for name in manifest["sha256"] if name.startswith("files/"))[-1] == "files/登记证书.pdf"
    assert (tmp_path / "a.tar").stat().st_mode & 0o077 == 0

    # The same, encrypted: as it lies outside.
    public = new_key(tmp_path / "backup.key")
    pyrage.encrypt_file(str(tmp_path / "a.tar"), str(tmp_path / "a.tar.age"), [recipient(public)])
    assert other("migrate", "--verbosity", "0") == (0, "")
    status, words = other("restore", tmp_path / "a.tar.age", "--key", tmp_path / "backup.key")
    assert (status, f"anchor {manifest['anchor']};" in words) == (0, True), words
    status, words = other("ledger", "verify", "--anchor", manifest["anchor"])
    assert (status, "The ledger is whole." in words) == (0, True), words

    # The same rows and files to the byte, and a second backup of them is the same but for its moment.
    status, words = other("backup", tmp_path / "b.tar")
    assert status == 0, words
    first, second = parts(tmp_path / "a.tar"), parts(tmp_path / "b.tar")
    assert [name for name in first.keys() | second.keys() if first.get(name) != second.get(name)] == ["manifest.json"]

    # What comes next gets a key of its own, and a second restore is refused.
    status, words = other("setup_organiser", "next@example.org", "--again")
    assert status == 0, words
    assert not [*(tmp_path / "other").glob("restore-*")]
    status, words = other("restore", tmp_path / "a.tar")
    assert (status, "This installation is not empty" in words) == (1, True)


def refused(path) -> str:
    with pytest.raises(CommandError) as error:
        call_command("restore", str(path), stdout=io.StringIO())
    return str(error.value)


def rewritten(source, target, change):
    """The same tar with `change(name, data) -> data | None` applied to its parts."""
    with tarfile.open(target, "w") as tar:
        for name, data in parts(source).items():
            data = change(name, data)
            if data is not None:
                member = tarfile.TarInfo(name)
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return target


def test_a_damaged_backup_changes_nothing(storage, tmp_path):
    make_cast()
    default_storage.save("a/b", ContentFile(b"1234"))
    source = tmp_path / "a.tar"
    written(source)
    shutil.rmtree(storage)
    flipped = rewritten(source, tmp_path / "b.tar", lambda name, data: data.replace(b"1234", b"1235") if name == "files/a/b" else data)
    assert "1 of its parts are missing or changed, first files/a/b" in refused(flipped)
    lost = rewritten(source, tmp_path / "c.tar", lambda name, data: None if name.endswith("accounts.User.jsonl") else data)
    assert "accounts.User.jsonl" in refused(lost)
    cut = tmp_path / "d.tar"
    cut.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    assert "end is missing" in refused(cut)
    outside = rewritten(source, tmp_path / "e.tar", lambda name, data: data)
    with tarfile.open(outside, "a") as tar:
        tar.addfile(tarfile.TarInfo("files/../../x"))
    assert "does not belong into a backup" in refused(outside)
    assert "This installation is not empty (" in refused(source)
    assert not storage.exists()


def test_another_version_is_refused(storage, tmp_path):
    source = tmp_path / "a.tar"
    written(source)

    def older(name, data):
        return data.replace(b'"jobs.0001_initial"', b'"jobs.0000_before"') if name == "manifest.json" else data

    assert "made by another version (jobs.0000_before differs)" in refused(rewritten(source, tmp_path / "b.tar", older))


def test_a_ledger_that_was_tampered_with_is_not_restored(installation, other, tmp_path):
    source = tmp_path / "a.tar"
    anchor = written(source)["anchor"]
    forged = anchor[:-4] + ("0000" if anchor[-4:] != "0000" else "1111")
    target = rewritten(
        source, tmp_path / "b.tar", lambda name, data: data.replace(anchor.encode(), forged.encode()) if name == "manifest.json" else data
    )
    assert other("migrate", "--verbosity", "0") == (0, "")
    status, words = other("restore", target)
    assert (status, "Its ledger is not whole (ledger.anchor_differs)" in words) == (1, True), words

    def reworded(name, data):
        if name.endswith("ledger.Record.jsonl"):
            return data.replace(b'"user:', b'"User:', 1)
        if name == "manifest.json":
            manifest = json.loads(data)
            record = next(part for part in manifest["sha256"] if part.endswith("ledger.Record.jsonl"))
            manifest["sha256"][record] = hashlib.sha256(reworded(record, parts(source)[record])).hexdigest()
            return json.dumps(manifest).encode()
        return data

    status, words = other("restore", rewritten(source, tmp_path / "c.tar", reworded))
    assert (status, "Its ledger is not whole (ledger." in words) == (1, True), words
    status, words = other("restore", source)
    assert status == 0, words


def test_a_backup_overwrites_nothing_and_leaves_no_half(storage, tmp_path, monkeypatch):
    (tmp_path / "a.tar").write_text("mine")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(tmp_path / "a.tar"))
    assert (tmp_path / "a.tar").read_text() == "mine"

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    default_storage.save("a/b", ContentFile(b"1234"))
    monkeypatch.setattr(Storage, "open", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(tmp_path / "b.tar"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar", "files"]
    assert not connection.in_atomic_block
