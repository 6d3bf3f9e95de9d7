"""The whole installation in one file, independent of the database: every row and every file, each with its SHA-256.

A tar: ``rows/NNN-app.Model.jsonl`` (one row a line, in the order of the apps' floors), ``files/…``, and last ``manifest.json``. Rows
keep their keys and moments to the microsecond, so that the ledger's seals hold on the other database too.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from config.backup_cipher import encrypting, in_the_clear
from ledger import selectors, services
from ledger.domain.anchor import Anchor
from ledger.models.fields import CanonicalField

FORMAT = 1
CHUNK = 1 << 20
ROWS_AT_ONCE = 1000
# Made anew by migrations and at sign-in, or of the moment only.
LEFT_OUT = {"auth", "contenttypes", "sessions", "axes", "jobs.Pulse"}
# Filled by migrations: what the backup holds takes their place.
SEEDED = {"competition.Region", "competition.Sector"}


class Unfit(Exception):
    """The file or the installation is not fit for it; the sentence says which and what to do."""


def tables() -> list[type[models.Model]]:
    """Lowest app first; tables between two models included."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not {model._meta.app_label, model._meta.label} & LEFT_OUT]


def applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


# ---------------------------------------------------------------- rows
def as_line(row: models.Model) -> str:
    return json.dumps({field.attname: plain(field, row) for field in row._meta.concrete_fields}, ensure_ascii=False, sort_keys=True)


def is_json(field: models.Field) -> bool:
    return isinstance(field, models.JSONField | CanonicalField)


def plain(field: models.Field, row: models.Model):
    value = field.value_from_object(row)
    return value if value is None or is_json(field) else field.value_to_string(row)


def from_line(model: type[models.Model], line: str) -> models.Model:
    given = json.loads(line)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(
        **{name: value if value is None or is_json(fields[name]) else fields[name].to_python(value) for name, value in given.items()}
    )


def insert(model: type[models.Model], lines: Iterator[str]) -> int:
    """As they are: no `save`, no default of today. The ledger's triggers stay: it takes new rows, and these are new here."""
    count = 0
    while batch := [from_line(model, line) for line in islice(lines, ROWS_AT_ONCE)]:
        model._base_manager.all()._insert(batch, fields=model._meta.concrete_fields, using=connection.alias, raw=True)
        count += len(batch)
    return count


# ---------------------------------------------------------------- files
def stored_files(folder: str = "") -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (str(PurePosixPath(folder, name)) for name in sorted(files))
    for name in sorted(folders):
        yield from stored_files(str(PurePosixPath(folder, name)))


class Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file):
        self.file, self.sha256 = file, hashlib.sha256()

    def read(self, size: int = CHUNK) -> bytes:
        data = self.file.read(size)
        self.sha256.update(data)
        return data


# ---------------------------------------------------------------- backup
def backup(path: Path, *, at: datetime, recipients: Sequence = ()) -> dict:
    """Writes `path` whole or not at all, encrypted to `recipients` where there are any; gives its manifest."""
    if path.exists():
        raise Unfit(f"{path} is there already; give another name.")
    services.seal()
    draft = path.with_name(f"{path.name}.part")
    try:
        with stream(draft, recipients) as out, tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar, transaction.atomic():
            if connection.vendor == "postgresql":
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            newest = selectors.newest_seal()
            manifest = {
                "format": FORMAT,
                "made_at": at.isoformat(),
                "anchor": newest.anchor if newest else "",
                "migrations": applied_migrations(),
                "rows": {},
                "sha256": {},
            }
            for number, model in enumerate(tables()):
                with tempfile.TemporaryFile() as rows:
                    count = 0
                    for row in model._base_manager.order_by("pk").iterator(ROWS_AT_ONCE):
                        rows.write(as_line(row).encode() + b"\n")
                        count += 1
                    manifest["rows"][model._meta.label] = count
                    add(tar, manifest, f"rows/{number:03}-{model._meta.label}.jsonl", rows, rows.tell())
            for name in stored_files():
                with default_storage.open(name) as file:
                    add(tar, manifest, f"files/{name}", file, default_storage.size(name))
            last = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            add(tar, {"sha256": {}}, "manifest.json", io.BytesIO(last), len(last))
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


@contextmanager
def stream(draft: Path, recipients: Sequence) -> Iterator[BinaryIO]:
    with open(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:  # it holds everything
        if not recipients:
            yield file
            return
        with encrypting(file, recipients) as out:
            yield out


def add(tar: tarfile.TarFile, manifest: dict, name: str, file, size: int) -> None:
    file.seek(0)
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    hashing = Hashing(file)
    tar.addfile(member, hashing)
    manifest["sha256"][name] = hashing.sha256.hexdigest()


# ---------------------------------------------------------------- what the ledger knows of it
MADE, SUBJECT = "backup.make", "backup"


def note(*, at: datetime, **facts) -> None:
    """That everything was copied, by whatever tool: the copy itself does not hold this record. `facts`: its digest, its anchor."""
    with transaction.atomic():
        services.record(actor="system", action=MADE, subject=SUBJECT, scope="*", after=facts, at=at)
    services.seal()


# ---------------------------------------------------------------- restore
def read_manifest(tar: tarfile.TarFile) -> dict:
    """The manifest of a file whose every member is there, once, and unchanged."""
    found, manifest = {}, None
    for member in tar:
        if not member.isfile() or member.name in found or ".." in PurePosixPath(member.name).parts or member.name.startswith("/"):
            raise Unfit(f"{member.name} does not belong into a backup; nothing was restored.")
        hashing = Hashing(tar.extractfile(member))
        if member.name == "manifest.json":
            manifest = json.loads(hashing.read(-1))
            continue
        while hashing.read():
            pass
        found[member.name] = hashing.sha256.hexdigest()
    if manifest is None or manifest.get("format") != FORMAT:
        raise Unfit("This is no backup of Saima, or its end is missing.")
    wrong = sorted(name for name in found.keys() | manifest["sha256"].keys() if found.get(name) != manifest["sha256"].get(name))
    if wrong:
        raise Unfit(f"{len(wrong)} of its parts are missing or changed, first {wrong[0]}; nothing was restored.")
    return manifest


def refuse_unfit_target(manifest: dict) -> None:
    here, there = set(applied_migrations()), set(manifest["migrations"])
    if here != there:
        raise Unfit(
            f"The backup was made by another version ({sorted(here ^ there)[0]} differs). "
            "Restore it with the version that made it, then upgrade."
        )
    for model in tables():
        if model._meta.label not in SEEDED and model._base_manager.exists():
            raise Unfit(f"This installation is not empty ({model._meta.label} has rows). A backup goes into an empty one only.")
    if name := next(stored_files(), None):
        raise Unfit(f"This installation is not empty (its storage has {name}). A backup goes into an empty one only.")


def restore(path: Path, *, key: Path | None = None) -> dict:
    """Everything or nothing, verified before it counts; gives the manifest. `key` opens one that is encrypted."""
    with in_the_clear(path, key) as clear:
        return restore_tar(clear)


def restore_tar(path: Path) -> dict:
    written: list[str] = []
    try:
        with tarfile.open(path, "r:") as tar, transaction.atomic():
            manifest = read_manifest(tar)
            refuse_unfit_target(manifest)
            by_label = {model._meta.label: model for model in tables()}
            for label in SEEDED:
                by_label[label]._base_manager.all()._raw_delete(connection.alias)  # they name each other; nothing else names them yet
            for member in sorted(tar.getmembers(), key=lambda member: member.name):
                kind, _, name = member.name.partition("/")
                if kind == "rows":
                    label = name.partition("-")[2].removesuffix(".jsonl")
                    count = insert(by_label[label], io.TextIOWrapper(tar.extractfile(member), encoding="utf-8", newline="\n"))
                    if count != manifest["rows"][label]:
                        raise Unfit(f"{label} has {count} rows, {manifest['rows'][label]} were expected; nothing was restored.")
                elif kind == "files":
                    written.append(default_storage.save(name, File(tar.extractfile(member))))
                    if written[-1] != name:
                        raise Unfit(f"{name} would have been stored under another name; nothing was restored.")
            connection.check_constraints()
            for statement in connection.ops.sequence_reset_sql(no_style(), [*by_label.values()]):
                connection.cursor().execute(statement)
            anchors = [Anchor.parse(manifest["anchor"])] if manifest["anchor"] else []
            if faults := services.verify(anchors=anchors).faults:
                raise Unfit(f"Its ledger is not whole ({faults[0].code}); nothing was restored.")
            return manifest
    except tarfile.TarError as error:
        raise Unfit("This is no backup of Saima, or its end is missing.") from error
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise
