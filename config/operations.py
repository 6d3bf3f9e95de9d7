"""The operator's page: is everything there, what waits, is the ledger sealed, is there room. Counts and times only."""

import shutil
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET

from accounts.permissions import can
from accounts.views.jobs import age, require
from competition.models import Attachment, Document
from competition.selectors.scans import standing
from competition.services.scanner import Unavailable, ask_version
from config.backup import SUBJECT as BACKUP
from config.health import SILENCE, readiness
from jobs import selectors as jobs
from ledger import selectors as ledger

# What readiness asks, in words; what to do when it fails.
CHECKS = {
    "database": (gettext_lazy("Database"), gettext_lazy("The database does not answer.")),
    "broker": (
        gettext_lazy("Message broker"),
        gettext_lazy("Redis does not answer. Nothing is lost: jobs wait in the database. Restart it."),
    ),
    "worker": (gettext_lazy("Workers"), gettext_lazy("No worker shows itself. Jobs wait until one is started.")),
    "sweeper": (gettext_lazy("Scheduler and sweeper"), gettext_lazy("The sweeper does not run. Restart the scheduler.")),
    "fonts": (gettext_lazy("Chinese font"), gettext_lazy("Documents would show boxes. Install a Chinese font.")),
}
QUEUES = {
    "codes": pgettext_lazy("queue", "Codes by mail"),
    "scores": pgettext_lazy("queue", "Scores"),
    "documents": pgettext_lazy("queue", "Documents"),
    "mail": pgettext_lazy("queue", "Mail"),
    "default": pgettext_lazy("queue", "Other"),
}
BACKUP_OLD = timedelta(hours=36)  # one night was missed
KEYS_LATE = timedelta(days=20)  # `keys` renews what has 30 days left
LOW_SHARE = 10  # per cent of the disk that should stay free


@require_GET
def operations(request):
    """Asked for again every 15 seconds by its own content."""
    require(request.user, "operation.read")
    at = timezone.now()
    seal = ledger.newest_seal_and_moment(BACKUP)  # a backup begins with a seal
    context = {
        "checks": [*checks(at=at), backed_up(seal and seal.last_at, at=at), *inner_certificate(at=at), *scanning(at=at)],
        "workers": workers(at=at),
        "queues": queues(),
        "waiting": _age(jobs.oldest_queued_age(at=at)),
        "seal": seal,
        "unsealed": ledger.unsealed().count(),
        "triggers": ledger.missing_triggers(),
        "storage": storage(),
        "at": at,
    }
    return render(request, "config/operations_now.html" if request.htmx else "config/operations.html", context)


def checks(*, at: datetime) -> list[dict]:
    found = []
    for name, check in readiness(at=at).items():
        label, fault = CHECKS[name]
        shown = check.get("age_s")
        found.append(
            {
                "state": "done" if check["ok"] else "bad",
                "label": label,
                "note": "" if check["ok"] else fault,
                "value": "" if shown is None else _("%(number)d s ago") % {"number": shown},
            }
        )
    return found


def backed_up(last: datetime | None, *, at: datetime) -> dict:
    old = last is None or at - last > BACKUP_OLD
    never = _("There is none yet. Make one with manage.py backup and take it off this machine.")
    missed = _("The newest is older than a night. Does the nightly backup run?")
    note = "" if not old else never if last is None else missed
    return {"state": "todo" if old else "done", "label": _("Backup"), "note": note, "value": "" if last is None else age(at - last)}


def inner_certificate(*, at: datetime) -> list[dict]:
    """By which the parts know each other; nothing where they do without (on one machine)."""
    if settings.KEYS is None:
        return []
    end = settings.KEYS.end()
    left = end - at if end else timedelta(0)
    late = left < KEYS_LATE
    note = (
        _("It was not renewed. Look at the container keys; when it ends, the parts do not speak with each other any more.") if late else ""
    )
    return [{"state": "bad" if late else "done", "label": _("Inner certificates still hold"), "note": note, "value": age(left)}]


def scanning(*, at: datetime) -> list[dict]:
    """The scanner for malware; on a machine of one's own without one, nothing. What waits for it stops nobody from handing in."""
    if not settings.SCANNER:
        note = _("None is set, uploads are not scanned: set SCANNER.")
        return [{"state": "todo", "label": _("Scanner for malware"), "note": note, "value": ""}] if settings.PRODUCTION else []
    found, notes, bad, old, value = standing(), [], False, False, ""
    try:
        version = ask_version()
    except Unavailable:
        bad = True
        notes.append(_("It does not answer. Uploads are taken, and scanned once it does. Restart it."))
    else:
        number = version.signatures
        value = _("signatures %(number)s") % {"number": number} if number else version.program
        days = None if version.made is None else (at - version.made).days
        old = days is None or days > settings.SCANNER_OLD_DAYS
        if days is None:
            notes.append(_("It does not say how old its signatures are."))
        elif old:
            words = ngettext("Its signatures are %(n)d day old.", "Its signatures are %(n)d days old.", days) % {"n": days}
            notes.append(words + " " + _("Is freshclam running, or are they carried in?"))
    if found.waiting:
        notes.append(ngettext("%(n)d file waits.", "%(n)d files wait.", found.waiting) % {"n": found.waiting})
    if found.too_large:
        notes.append(
            ngettext("%(n)d of them is too large for the scanner.", "%(n)d of them are too large for the scanner.", found.too_large)
            % {"n": found.too_large}
        )
    if found.undone:
        notes.append(ngettext("%(n)d of them it could not read.", "%(n)d of them it could not read.", found.undone) % {"n": found.undone})
    if found.infected:
        notes.append(
            ngettext("Malware was found in %(n)d file, kept back.", "Malware was found in %(n)d files, kept back.", found.infected)
            % {"n": found.infected}
        )
    state = "bad" if bad else "todo" if old or found.waiting else "done"
    return [{"state": state, "label": _("Scanner for malware"), "note": " ".join(notes), "value": value}]


def workers(*, at: datetime) -> list[dict]:
    return [{"name": name, "shown": shown, "silent": at - shown > SILENCE} for name, shown in jobs.worker_pulses().items()]


def queues() -> list[dict]:
    """Every queue, also one in which nothing waits."""
    found = jobs.counts_by_queue()
    names = [*QUEUES, *sorted(set(found) - set(QUEUES))]
    rows = []
    for name in names:
        counts = found.get(name, {})
        rows.append({"label": QUEUES.get(name, name), **{state: counts.get(state, 0) for state in ("queued", "running", "failed")}})
    return rows


def storage() -> dict:
    files = [
        _files(_("Attachments"), Attachment.objects.aggregate(n=Count("pk"), size=Sum("size"))),
        _files(_("Documents"), {"n": Document.objects.exclude(file="").count(), "size": None}),
    ]
    found = {"files": files, "database": _database_bytes(), "bucket": bool(settings.STORAGE_URL)}
    if not settings.STORAGE_URL:
        disk = shutil.disk_usage(settings.VAR_DIR)
        share = disk.free * 100 // disk.total
        found |= {"free": disk.free, "total": disk.total, "share": share, "low": share < LOW_SHARE}
    return found


def _files(label: str, row: dict) -> dict:
    return {"label": label, "number": row["n"], "size": row["size"]}


def _database_bytes() -> int:
    sql = "SELECT pg_database_size(current_database())"
    if connection.vendor != "postgresql":
        sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _age(span) -> str:
    return "" if span is None else age(span)


def failing(user, _competition) -> int | None:
    """The number in the menu: checks that fail without asking the broker, which may take seconds."""
    if not can(user, "operation.read"):
        return None
    at = timezone.now()
    return sum(shown is None or at - shown > SILENCE for shown in jobs.last_signs())
