"""Malware in what people hand in: refused where the scanner finds it at once, kept back where it finds it later."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from competition.domain.scans import CLEAN, FAILED, FOUND, MISSING, WAITING, Verdict
from competition.models import Attachment, Meeting
from competition.services import scanner
from competition.services.storing import Checked, check, digest_of
from competition.services.telling import tell_infected
from jobs.selectors import latest
from jobs.services import enqueue
from ledger.domain.reason import Reason, Refused
from ledger.services import record

logger = logging.getLogger("saima.scanner")
JOB, SUBJECT = "file.scan", "scanner:waiting"
AGAIN = timedelta(hours=1)  # for what the scanner could not do
AT_ONCE = 500  # files of one job
# What people hand in: the model, and its field that names the stored file.
KINDS = ((Attachment, "file"), (Meeting, "minutes"))


class Infected(Refused):
    """The scanner found malware in an upload."""


@dataclass
class Tally:
    """`undone`: the scanner answered, but not to these; `away`: it no longer answers, the rest was left."""

    clean: int = 0
    found: int = 0
    undone: int = 0
    away: bool = False


def screen(upload, *, subject: str, scope: str, actor, at: datetime, **limits) -> Checked:
    """`storing.check`, then the scanner, before anything is locked: it may take its time. Refused (field "file") with a record where
    malware is found. Where the scanner does not answer, the file is taken and waits."""
    checked = check(upload, **limits)
    if not settings.SCANNER:
        return checked
    try:
        said = scanner.scan_upload(upload)
    except scanner.Unavailable as error:
        logger.warning("The scanner did not answer (%s); a file is taken unscanned.", str(error))
        said = _known(upload)
    if said.state == FOUND:
        digest = digest_of(upload)
        logger.warning("A file was refused: the scanner found %s.", said.finding, extra={"finding": said.finding, "sha256": digest})
        record(
            actor=f"user:{actor.pk}",
            action="file.refuse",
            subject=subject,
            scope=scope,
            after={"finding": said.finding, "size": upload.size, "sha256": digest},
            private={"name": checked.name},
            at=at,
        )
        raise Infected(Reason("competition.file_malware", {"name": checked.name, "finding": said.finding}), field="file")
    return replace(checked, scan=said.state, scan_fault=said.fault, scanned_at=at if said.state == CLEAN or said.fault else None)


def _known(upload) -> Verdict:
    """The very bytes of a file in which it found something before need no scanner."""
    earlier = Attachment.objects.filter(scan=FOUND, sha256=digest_of(upload)).first()
    return Verdict(FOUND, earlier.finding) if earlier else Verdict(WAITING)


def of_upload(checked: Checked) -> dict:
    """The columns of its row."""
    return {"scan": checked.scan, "finding": "", "scan_fault": checked.scan_fault, "scanned_at": checked.scanned_at}


# ---------------------------------------------------------------- afterwards
def stored_names(wanted: Q | None = None) -> list[str]:
    """Keys of stored files in storage, the oldest first, each once."""
    found: dict[str, None] = {}
    for model, field in KINDS:
        rows = model.objects.exclude(**{field: ""}).filter(wanted or Q()).order_by("scan_fault", "pk")
        found |= dict.fromkeys(rows.values_list(field, flat=True))
    return list(found)


def due(*, at: datetime) -> list[str]:
    """What waits, without what the scanner could not do in the last hour."""
    return stored_names(Q(scan=WAITING) & (Q(scan_fault="") | Q(scanned_at__lt=at - AGAIN)))


def resume(*, at: datetime) -> bool:
    """Have scanned what waits, once the scanner answers; one job at a time."""
    if not settings.SCANNER or not due(at=at):
        return False
    job = latest(JOB, SUBJECT)
    if job is not None and job.state in ("queued", "running"):
        return False
    try:
        scanner.ask_version()
    except scanner.Unavailable:
        return False
    enqueue(JOB, SUBJECT, at=at)
    return True


def scan_stored(names: Iterable[str], *, now: Callable[[], datetime], progress: Callable[[int], object]) -> Tally:
    """One after the other, each in a transaction of its own; ends early where the scanner goes away. `progress` is told how many are
    done."""
    tally = Tally()
    for number, name in enumerate(names):
        progress(number)
        try:
            said = _scan(name)
        except scanner.Unavailable as error:
            logger.warning("The scanner does not answer (%s); the rest waits.", str(error))
            tally.away = True
            return tally
        settle(name, said, at=now())
        tally.clean += said.state == CLEAN
        tally.found += said.state == FOUND
        tally.undone += said.state == WAITING
    return tally


def _scan(name: str) -> Verdict:
    try:
        with default_storage.open(name, "rb") as file:
            try:
                return scanner.scan(file)
            except scanner.Unavailable:
                scanner.ask_version()  # away, or only lost over this file?
                return Verdict(WAITING, fault=FAILED)
    except FileNotFoundError:
        logger.error("A stored file is missing: %s.", name)
        return Verdict(WAITING, fault=MISSING)


@transaction.atomic
def settle(name: str, said: Verdict, *, at: datetime) -> None:
    """For every row with this stored file. What was clean or found before stays so where the scanner could not do it this time."""
    for model, field in KINDS:
        rows = model.objects.filter(**{field: name})
        # Whoever carries the file into another application at this moment goes first; the next statement sees what came of it.
        list(rows.select_for_update().values_list("pk"))
        if said.state == WAITING:
            rows.filter(scan__in=("", WAITING)).update(scan_fault=said.fault, scanned_at=at)
            continue
        changed = list(rows.exclude(scan=said.state).order_by("pk"))
        rows.update(scan=said.state, finding=said.finding, scan_fault="", scanned_at=at)
        for row in changed:
            _tell(row, said, at=at)


def _tell(row, said: Verdict, *, at: datetime) -> None:
    if isinstance(row, Meeting):
        subject, competition, digest = f"proposal:{row.proposal_id}", row.proposal.round.competition_id, row.minutes_sha256
    else:
        subject, competition, digest = f"attachment:{row.pk}", row.application.competition_id, row.sha256
    found = said.state == FOUND
    record(
        actor="system",
        action="file.find" if found else "file.clear",
        subject=subject,
        scope=f"competition:{competition}",
        before={"scan": row.scan},
        after={"scan": said.state, "sha256": digest} | ({"finding": said.finding} if found else {}),
        at=at,
    )
    if found:
        logger.warning("A stored file is kept back: the scanner found %s.", said.finding, extra={"finding": said.finding, "sha256": digest})
        tell_infected(row, at=at)
