"""A database beside the configured one, made for one run and gone after it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections

from config.rehearsal.servers import postgresql_server

KINDS = ("sqlite", "postgresql")


def configured_kind() -> str:
    return "postgresql" if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else "sqlite"


@contextlib.contextmanager
def scratch_database(kind: str) -> Iterator[str]:
    """Its DATABASE_URL. PostgreSQL: on the configured server, else on one of our own from the wheel."""
    if kind == "sqlite":
        with _sqlite() as url:
            yield url
    elif configured_kind() == "postgresql":
        with _beside() as url:
            yield url
    else:
        with postgresql_server() as url:
            yield url


@contextlib.contextmanager
def _sqlite() -> Iterator[str]:
    path = Path(settings.VAR_DIR) / f"scratch-{os.getpid()}.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield f"sqlite:///{quote(str(path))}"
    finally:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextlib.contextmanager
def _beside() -> Iterator[str]:
    name = f"saima_scratch_{os.getpid()}"
    facts = settings.DATABASES["default"]
    with connections["default"].cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    place = f"{quote(facts['HOST'] or '', safe='')}" + (f":{facts['PORT']}" if facts["PORT"] else "")
    person = quote(facts["USER"] or "", safe="") + (f":{quote(facts['PASSWORD'], safe='')}" if facts["PASSWORD"] else "")
    try:
        yield f"postgresql://{person}{'@' if person else ''}{place}/{name}"
    finally:
        with connections["default"].cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
