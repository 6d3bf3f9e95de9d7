"""A backup that lies outside the installation is encrypted (age, X25519 and ChaCha20-Poly1305): to keys whose other half the
installation does not have, so that whoever takes the host cannot read the backups of yesterday."""

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage
from django.conf import settings
from pyrage import x25519

HEADER = b"age-encryption.org/"
PREFIX = "AGE-SECRET-KEY-"


class NoKey(ValueError):
    """The sentence says what is wrong with a key, or with the file that it should open."""


def recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise NoKey(f"{text.strip()[:80]} is no key for backups: it begins with age1 and is printed by backup --new-key.") from None


def new_key(path: Path) -> str:
    """Writes the secret half into `path`, which must not be there yet; gives the public half."""
    identity = x25519.Identity.generate()
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(f"# opens backups that are encrypted to {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())


def identities(path: Path) -> list[x25519.Identity]:
    """Of a file as `new_key` or age-keygen writes it."""
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines()]
    try:
        found = [x25519.Identity.from_str(line) for line in lines if line.startswith(PREFIX)]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise NoKey(f"{path} holds no key that opens a backup.")
    return found


def is_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER


@contextmanager
def encrypting(target: BinaryIO, recipients: Sequence[x25519.Recipient]) -> Iterator[BinaryIO]:
    """What is written into the stream arrives in `target` as ciphertext; the clear lies on no disk."""
    reading, writing = os.pipe()
    faults: list[BaseException] = []

    def work():
        with open(reading, "rb") as clear:
            try:
                pyrage.encrypt_io(clear, target, recipients)
            except BaseException as fault:
                faults.append(fault)

    thread = threading.Thread(target=work, name="backup cipher")
    thread.start()
    try:
        with open(writing, "wb") as stream:
            yield stream
    except BrokenPipeError:
        pass  # the other end says why
    finally:
        thread.join()
    if faults:
        raise OSError(f"The backup could not be written: {faults[0]}") from faults[0]


@contextmanager
def in_the_clear(path: Path, key: Path | None) -> Iterator[Path]:
    """A file that can be read as a tar: `path` itself, or what `key` makes of it, in the data folder and gone afterwards."""
    if not is_encrypted(path):
        yield path
        return
    if key is None:
        raise NoKey(f"{path} is encrypted: give --key with the file that opens it.")
    opened = identities(key)
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.VAR_DIR, prefix="restore-") as clear:
        try:
            with path.open("rb") as source:
                pyrage.decrypt_io(source, clear, opened)
        except (pyrage.DecryptError, OSError) as fault:
            if getattr(fault, "errno", None) is not None:  # of the disk, not of the cipher
                raise
            raise NoKey(f"{key} does not open {path}, or the file was changed or cut off; nothing was restored.") from None
        clear.flush()
        yield Path(clear.name)
