"""Taking a file in: type by its content, size, digest, a random name outside every served folder."""

import hashlib
import secrets
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from django.core.files.storage import default_storage

from ledger.domain.reason import Reason, Refused

# What each accepted ending must look like inside. Nothing that a browser or an office program would run.
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# The part that makes a package of office files what it is. Nothing is unpacked: the names are enough.
OFFICE = {"word/document.xml": TYPES["docx"], "xl/workbook.xml": TYPES["xlsx"]}
NAME_LENGTH = 120


@dataclass(frozen=True)
class Stored:
    """`name` is the key in storage, `shown_name` what people see, `size` in bytes."""

    name: str
    shown_name: str
    content_type: str
    size: int
    sha256: str


def shown_name(raw: str) -> str:
    """The user's name for the file without folders and control characters, its ending kept when it is cut."""
    clean = "".join(character for character in raw.replace("\\", "/").rpartition("/")[2] if character.isprintable()).strip(" .")
    path = PurePosixPath(clean or "file")
    return path.stem[: NAME_LENGTH - len(path.suffix)] + path.suffix


def _content_type(upload) -> str | None:
    """By what is inside; None for anything that is not accepted, office files with macros among it."""
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    if not head.startswith(b"PK\x03\x04"):
        found = filetype.guess(head)
        return found.mime if found else None
    try:
        with zipfile.ZipFile(upload) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    kinds = {kind for part, kind in OFFICE.items() if part in names}
    return kinds.pop() if len(kinds) == 1 else None


def store(upload, *, folder: str, types=("pdf",), max_bytes: int = 20 * 1024 * 1024) -> Stored:
    """Refused (field "file") where type, content or size is not accepted. The file is written before the row that names
    it, so a failed transaction leaves at worst an unnamed file behind."""
    name = shown_name(upload.name)
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if ending not in {*types, *(["jpeg"] if "jpg" in types else [])} or ending not in TYPES:
        raise Refused(Reason("competition.file_type", {"name": name, "types": sorted(types)}), field="file")
    if upload.size == 0:
        raise Refused(Reason("competition.file_empty", {"name": name}), field="file")
    if upload.size > max_bytes:
        raise Refused(Reason("competition.file_size", {"name": name, "megabytes": max_bytes // (1024 * 1024)}), field="file")
    found = _content_type(upload)
    if found != TYPES[ending]:
        raise Refused(Reason("competition.file_content", {"name": name, "type": ending}), field="file")
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    key = default_storage.save(f"{folder}/{secrets.token_hex(2)}/{secrets.token_hex(20)}", upload)
    return Stored(key, name, found, upload.size, digest.hexdigest())
