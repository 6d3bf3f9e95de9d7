"""Taking a file in: type by its content, size, digest, a random name outside every served folder."""

import contextlib
import errno
import hashlib
import logging
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import NoReturn

import filetype
from django.core.files.storage import default_storage

from competition.domain import package_content, pdf_content, picture_content
from competition.domain.upload_limits import MEGAPIXELS, PDF_PAGES, UNPACKED_MEGABYTES
from ledger.domain.reason import Reason, Refused

logger = logging.getLogger(__name__)
# What each accepted ending must look like inside. Nothing that a browser or an office program would run.
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": package_content.DOCX,
    "xlsx": package_content.XLSX,
}
OFFICE = {"docx", "xlsx"}
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what office files were before they were packages, and are with a password
NAME_LENGTH = 120
# Folders, characters that nobody sees, and what config.uploads puts in their place: no name has them.
FORBIDDEN = "/\\\ufffd"
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True)
class Checked:
    """An upload that is what it should be; what the scanner said of it, where one was asked."""

    upload: object
    name: str
    content_type: str
    scan: str = ""
    scan_fault: str = ""
    scanned_at: datetime | None = None


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
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in raw)
    clean = "".join(sign for sign in spaced.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip(" .")
    path = PurePosixPath(clean or "file")
    return path.stem[: NAME_LENGTH - len(path.suffix)] + path.suffix


def _inspect(upload, ending: str) -> tuple[str | None, str | None]:
    """(media type by what is inside, None) or (None, what is wrong with it). Nothing of it is run, shown or written anywhere."""
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return package_content.read(upload, upload.size)
    if head.startswith(OLE) and ending in OFFICE:
        return None, "encrypted" if package_content.ENCRYPTED_PACKAGE in upload.read() else "content"
    found = filetype.guess(head)
    kind = found.mime if found else None
    if kind == "application/pdf":
        return kind, pdf_content.fault_of(upload.read())
    if kind in PICTURES:
        return kind, picture_content.fault_of(upload, PICTURES[kind])
    return kind, None


def _refuse(name: str, ending: str, fault: str) -> NoReturn:
    numbers = {"type": ending, "megabytes": UNPACKED_MEGABYTES, "most": PDF_PAGES if fault == "pages" else MEGAPIXELS}
    raise Refused(Reason(f"competition.file_{fault}", {"name": name, **numbers}), field="file")


def check(upload, *, types=("pdf",), max_bytes: int = 20 * 1024 * 1024) -> Checked:
    """Refused (field "file") where name, type, content or size is not accepted. Nothing is written."""
    name = shown_name(upload.name)
    if any(sign in FORBIDDEN or unicodedata.category(sign) in UNSEEN for sign in upload.name):
        raise Refused(Reason("competition.file_name", {"name": name}), field="file")
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if ending not in {*types, *(["jpeg"] if "jpg" in types else [])} or ending not in TYPES:
        raise Refused(Reason("competition.file_type", {"name": name, "types": sorted(types)}), field="file")
    if (second := PurePosixPath(PurePosixPath(name).stem.strip()).suffix.lower().lstrip(".")) in package_content.PROGRAMS:
        raise Refused(Reason("competition.file_two_endings", {"name": name, "ending": second, "type": ending}), field="file")
    if upload.size == 0:
        raise Refused(Reason("competition.file_empty", {"name": name}), field="file")
    if upload.size > max_bytes:
        raise Refused(Reason("competition.file_size", {"name": name, "megabytes": max_bytes // (1024 * 1024)}), field="file")
    found, fault = _inspect(upload, ending)
    if fault is None and found != TYPES[ending]:
        fault = "content"
    if fault is not None:
        _refuse(name, ending, fault)
    return Checked(upload, name, found)


def digest_of(upload) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def keep(checked: Checked, *, folder: str) -> Stored:
    """Refused where there is no room for it. The file is written before the row that names it, so a failed transaction leaves at worst
    an unnamed file behind."""
    upload = checked.upload
    digest = digest_of(upload)
    try:
        key = save_whole(f"{folder}/{secrets.token_hex(2)}/{secrets.token_hex(20)}", upload)
    except OSError as error:
        logger.error("A file could not be stored: %s.", errno.errorcode.get(error.errno or 0, type(error).__name__))
        raise Refused(Reason("competition.file_no_room", {"name": checked.name}), field="file") from error
    return Stored(key, checked.name, checked.content_type, upload.size, digest)


def save_whole(name: str, content) -> str:
    """The key under which it lies in storage. Where it could not be written to its end nothing is left of it. `name` is one that nobody
    else has or writes: what is left is taken away under it."""
    try:
        return default_storage.save(name, content)
    except BaseException:
        with contextlib.suppress(OSError):
            default_storage.delete(name)
        raise
