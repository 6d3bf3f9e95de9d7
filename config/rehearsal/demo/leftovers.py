"""Files in storage follow no rollback: what an interrupted build has stored is taken out again."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import default_storage


@contextlib.contextmanager
def no_file_left_behind(note: Path) -> Iterator[None]:
    """What is stored inside goes again where it fails. `note` remembers what was there before, for a process that is killed
    outright: the next build, into a database as empty as it was, then begins with taking out what that one left."""
    if note.exists():
        _take_out(set(json.loads(note.read_text(encoding="utf-8"))))
    before = set(_stored())
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps(sorted(before)), encoding="utf-8")
    try:
        yield
    except BaseException:
        _take_out(before)
        raise
    finally:
        note.unlink()


def _take_out(before: set[str]) -> None:
    for name in _stored():
        if name not in before:
            default_storage.delete(name)
    _empty_folders()


def _stored(folder: str = "") -> list[str]:
    folders, files = _listed(folder)
    return [folder + name for name in files] + [name for inner in folders for name in _stored(f"{folder}{inner}/")]


def _empty_folders(folder: str = "") -> bool:
    """Takes out folders without a file; a bucket has none."""
    folders, files = _listed(folder)
    empty = [_empty_folders(f"{folder}{inner}/") for inner in folders]
    if folder and not files and all(empty):
        default_storage.delete(folder.rstrip("/"))
        return True
    return False


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
