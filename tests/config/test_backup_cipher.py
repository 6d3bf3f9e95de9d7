"""Backups that only a key outside the installation opens."""

import io
import os
import tarfile
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from config.backup_cipher import encrypting, in_the_clear, new_key, recipient
from ledger.models import Record
from tests.cast import make_cast

SECRET = "市级推荐意见".encode() * 20


@pytest.fixture
def keys(tmp_path):
    """(file of the secret half, public half) of two."""
    made = [tmp_path / "one.key", tmp_path / "two.key"]
    return [(path, new_key(path)) for path in made]


@pytest.fixture
def stored(transactional_db, settings, tmp_path):
    own = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = settings.STORAGES | {"default": own}
    default_storage.save("a/b", ContentFile(SECRET))
    make_cast()


def backup(*words) -> str:
    out = io.StringIO()
    call_command("backup", *map(str, words), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refused(command, *words) -> str:
    with pytest.raises(CommandError) as fault:
        call_command(command, *map(str, words), stdout=io.StringIO(), stderr=io.StringIO())
    return str(fault.value)


def members(path, key) -> dict[str, bytes]:
    with in_the_clear(path, key) as clear, tarfile.open(clear) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def test_each_key_it_was_encrypted_to_opens_it_and_nothing_else_does(stored, keys, tmp_path):
    (one, public), (two, other) = keys
    target, third = tmp_path / "a.tar.age", tmp_path / "three.key"
    new_key(third)
    backup(target, "--to", public, "--to", other)
    content = target.read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n") and SECRET not in content and b"rows/" not in content
    assert target.stat().st_mode & 0o077 == 0 and not target.with_name("a.tar.age.part").exists()
    assert Record.objects.get(subject="backup").after["encrypted"] is True
    assert members(target, one) == members(target, two) and members(target, one)["files/a/b"] == SECRET
    assert "is encrypted: give --key" in refused("restore", target)
    assert "does not open" in refused("restore", target, "--key", third)
    assert "holds no key that opens a backup" in refused("restore", target, "--key", target)
    for name, changed in (("cut", content[:-40]), ("flipped", content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])):
        (tmp_path / name).write_bytes(changed)
        assert "was changed or cut off" in refused("restore", tmp_path / name, "--key", one)


def test_whom_it_is_encrypted_to(stored, keys, settings, tmp_path):
    (one, public), (two, other) = keys
    settings.PRODUCTION = True
    assert "A backup holds everything: give --to" in refused("backup", tmp_path / "a")
    assert "is no key for backups" in refused("backup", tmp_path / "a", "--to", one.read_text().split()[-1])
    assert "not both" in refused("backup", tmp_path / "a", "--to", public, "--in-the-clear")
    assert not (tmp_path / "a").exists()
    settings.BACKUP_RECIPIENTS = [public]
    backup(tmp_path / "a")
    assert members(tmp_path / "a", one)["files/a/b"] == SECRET
    backup(tmp_path / "b", "--to", other)
    assert members(tmp_path / "b", two)["files/a/b"] == SECRET
    backup(tmp_path / "c", "--in-the-clear")
    assert members(tmp_path / "c", None)["files/a/b"] == SECRET
    assert [row.after["encrypted"] for row in Record.objects.filter(subject="backup").order_by("pk")] == [True, True, False]


def test_a_new_key_from_a_terminal(db, tmp_path):
    path = tmp_path / "backup.key"
    public = backup("--new-key", path).strip()
    assert path.stat().st_mode & 0o777 == 0o600 and f"encrypted to {public}\nAGE-SECRET-KEY-1" in path.read_text()
    assert recipient(public)
    assert "File exists" in refused("backup", "--new-key", path)
    assert "Give the FILE" in refused("backup", "--new-key")
    assert not Record.objects.filter(subject="backup").exists()


def test_a_disk_that_fills_is_an_error_of_the_backup(keys):
    """And nobody waits for ever: neither who writes nor who encrypts."""
    before = threading.active_count()
    to = [recipient(keys[0][1])]
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError, match="could not be written"), encrypting(full, to) as stream:
        for _ in range(200):
            stream.write(os.urandom(65536))
    assert threading.active_count() == before
