"""What hides in a package of office files. Only what a part begins with is unpacked."""

import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from competition.domain.upload_limits import MEGABYTE, PACKAGE_PARTS, PROLOG_BYTES, UNPACKED_MEGABYTES

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The part that makes a package what it is.
KINDS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
PROGRAMS = {
    *("exe", "dll", "com", "scr", "msi", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "hta", "jar", "lnk", "sh"),
    *("html", "htm", "xhtml", "svg", "svgz", "php", "py", "pl", "rb", "apk", "app", "reg", "swf", "iso"),
}
_ACTIVE_PART = re.compile(r"(^|/)(vbaproject[^/]*\.bin|activex/.*|embeddings/[^/]*\.bin|customui/.*)$")
_ASIDE = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ELEMENT = re.compile(r"<[^!?\s]")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # how an office program packs what has a password


def read(file: BinaryIO, size: int) -> tuple[str | None, str | None]:
    """(media type, None) or (None, fault): `content` where it is no such package, `encrypted`, `active`, `bomb`."""
    try:
        with zipfile.ZipFile(file) as package:
            return _judge(package, package.infolist(), size)
    # All that zipfile raises for a damaged or foreign archive.
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        return None, "content"


def _judge(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], size: int) -> tuple[str | None, str | None]:
    if len(parts) > PACKAGE_PARTS or sum(part.file_size for part in parts) > UNPACKED_MEGABYTES * MEGABYTE:
        return None, "bomb"
    if sum(part.compress_size for part in parts) > size:
        return None, "bomb"  # parts that lie over one another
    names = [part.filename for part in parts]
    lower = {name.lower() for name in names}
    if len(lower) < len(names) or any(name.startswith("/") or ".." in PurePosixPath(name).parts or "\\" in name for name in names):
        return None, "content"
    if any(part.flag_bits & 1 for part in parts):
        return None, "encrypted"
    kinds = {kind for name, kind in KINDS.items() if name in names}
    if "[Content_Types].xml" not in names or len(kinds) != 1:
        return None, "content"
    if any(_ACTIVE_PART.search(name) or PurePosixPath(name).suffix.lstrip(".") in PROGRAMS for name in lower):
        return None, "active"
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")) and (fault := _declares(package, part)):
            return None, fault
    return kinds.pop(), None


def _declares(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> str | None:
    """An XML part of an office file declares no document type; one that does can define entities that grow without end."""
    with package.open(part) as file:
        raw = file.read(PROLOG_BYTES)
    text = _ASIDE.sub("", raw.replace(b"\0", b"").decode("utf-8", errors="replace"))  # also of UTF-16 what is written in ASCII
    element = _ELEMENT.search(text)
    if element is None:
        return "content" if part.file_size else None
    return "bomb" if "<!DOCTYPE" in text[: element.start()] else None
