"""Each closed file of the keeper of the log (scripts/log_keeper.py) has its SHA-256 in the ledger: a later change or loss is evident."""

import json
import logging
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from config.log_sender import connect
from ledger.models import Record
from ledger.services import record

CLOSED, SUBJECT = "log.close", "log"
logger = logging.getLogger(__name__)


def ask() -> dict:
    """`closed`: file → SHA-256 as it is now; `today`, `kept_days`. OSError where the keeper does not answer."""
    host, _colon, port = settings.LOG_KEEPER.rpartition(":")
    with closing(connect(host, int(port), Path(settings.INNER_KEYS))) as link:
        link.sendall(b"?closed\n")
        with link.makefile("rb") as answer:
            return json.loads(answer.readline())


def compare() -> tuple[list[str], list[str]]:
    """(files that are recorded now, files that are not any more what was recorded of them or that are gone before their time)."""
    answer = ask()
    found, oldest = answer["closed"], date.fromisoformat(answer["today"]) - timedelta(days=answer["kept_days"])
    rows = Record.objects.filter(action=CLOSED, subject__startswith=f"{SUBJECT}:").order_by("pk").values_list("after", flat=True)
    known: dict[str, str] = {}
    for after in rows:
        known.setdefault(after["file"], after["sha256"])  # what was recorded first is what counts
    wrong = [name for name, digest in known.items() if name[:10] >= oldest.isoformat() and found.get(name) != digest]
    new = sorted(set(found) - set(known))
    with transaction.atomic():
        for name in new:
            subject = f"{SUBJECT}:{name.removesuffix('.jsonl')}"
            record(actor="system", action=CLOSED, subject=subject, after={"file": name, "sha256": found[name]})
    return new, sorted(wrong)


def record_closed() -> None:
    """What the scheduler asks for; nothing where there is no keeper."""
    if not settings.LOG_KEEPER:
        return
    _new, wrong = compare()
    if wrong:
        logger.error("Logs are not any more what the ledger says of them, or gone: %s.", ", ".join(wrong))
