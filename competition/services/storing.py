"""Taking a file in: type by its content, size, digest, a random name outside every served folder."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from django.core.files.storage import default_storage

from ledger.domain.reason import Reason, Refused

# What each accepted ending must look like inside. Nothing that a browser or an office program would run.
TYPES = {
    "pdf": ("application/pdf",),
    "png": ("image/png",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
}
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


def store(upload, *, folder: str, types=("pdf",), max_bytes: int = 20 * 1024 * 1024) -> Stored:
    """Refused (field "file") where type, content or size is not accepted. The file is written before the row that names
    it, so a failed transaction leaves at worst an unnamed file behind."""
    name = shown_name(upload.name)
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if ending not in types or ending not in TYPES:
        raise Refused(Reason("competition.file_type", {"name": name, "types": sorted(types)}), field="file")
    if upload.size == 0:
        raise Refused(Reason("competition.file_empty", {"name": name}), field="file")
    if upload.size > max_bytes:
        raise Refused(Reason("competition.file_size", {"name": name, "megabytes": max_bytes // (1024 * 1024)}), field="file")
    upload.seek(0)
    found = filetype.guess(upload.read(8192))
    if found is None or found.mime not in TYPES[ending]:
        raise Refused(Reason("competition.file_content", {"name": name, "type": ending}), field="file")
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    key = default_storage.save(f"{folder}/{secrets.token_hex(2)}/{secrets.token_hex(20)}", upload)
    return Stored(key, name, found.mime, upload.size, digest.hexdigest())
