"""Telling people what happened: in the transaction of the event, with letters by the mail queue."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts import letters, notifications
from accounts.models import Notification, User
from accounts.services import mail
from jobs.services import enqueue

POST = "notification.post"
MORNING = time(8)  # Beijing: when the letter of the day leaves
LINES = 50  # of a letter of the day
RECENT = timedelta(days=3)  # what is older is no news: it stands in the list alone


def notify(kind: str, subject: str, users: Iterable[int], *, at: datetime, params: dict | None = None, step: str = "") -> int:
    """One notification for each of `users` (ids) who has none of this kind, subject and step; how many are new. `step` empty: this
    event happens once."""
    return notify_all(kind, {subject: users}, at=at, params=params, step=step)


@transaction.atomic
def notify_all(kind: str, users: Mapping[str, Iterable[int]], *, at: datetime, params: dict | None = None, step: str = "") -> int:
    """As `notify`, for several subjects: `users` maps each to ids. A fixed number of queries for each 500."""
    notifications.get(kind)
    wanted = {(subject, pk) for subject, ids in users.items() for pk in ids}
    if not wanted:
        return 0
    active = set(User.objects.filter(pk__in={pk for _subject, pk in wanted}, is_active=True).values_list("pk", flat=True))
    known = Notification.objects.filter(kind=kind, step=step, user__in=active).values_list("subject", "user_id")
    new = sorted({pair for pair in wanted if pair[1] in active} - set(known))
    if not new:
        return 0
    facts = {"kind": kind, "step": step, "params": params or {}, "created_at": at}
    rows = [Notification(subject=subject, user_id=pk, **facts) for subject, pk in new]
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    enqueue(POST, f"{kind}:{new[0][0]}", at=at)
    return len(new)


def stamp(at: datetime) -> str:
    """A step for events that may come again."""
    return f"{at:%Y%m%d%H%M%S%f}"


def settle(kinds: Iterable[str], subject: str, *, at: datetime) -> int:
    """What these asked for is done, by whomever: those still unread wait for nobody any more."""
    return mark_read(Notification.objects.filter(kind__in=list(kinds), subject=subject), at=at)


def post(kind: str, *, at: datetime) -> int:
    """Queues the letters of this kind that go out at once; how many. Those that are out are not queued again."""
    due = Notification.objects.filter(kind=kind, mailed_at=None, created_at__gte=at - RECENT, user__is_active=True)
    if kind not in notifications.always_mailed():
        due = due.filter(user__mail_rhythm="at_once")
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        mail.send("notification", pk)
    return len(keys)


def post_digests(*, at: datetime) -> int:
    """Queues the letter of the day for whoever wants one and has something new and unread from before this morning; how many."""
    local = timezone.localtime(at)
    morning = timezone.make_aware(datetime.combine(local.date(), MORNING))
    if at < morning:
        return 0
    users = list(_for_digest(morning).order_by("user").values_list("user", flat=True).distinct())
    for pk in users:
        mail.send("notification_digest", f"{pk}:{local:%Y-%m-%d}", params={"until": morning.isoformat()})
    return len(users)


def _for_digest(until):
    return Notification.objects.filter(
        mailed_at=None, read_at=None, user__is_active=True, user__mail_rhythm="daily", created_at__lt=until, created_at__gte=until - RECENT
    )


def letter(pk: int) -> letters.Letter | None:
    """None where it has gone out or is no longer due."""
    row = Notification.objects.filter(pk=pk, mailed_at=None, user__is_active=True).select_related("user").first()
    if row is None or (row.user.mail_rhythm != "at_once" and row.kind not in notifications.always_mailed()):
        return None  # gone out, or no longer wished for
    return _drawn(row.user, [row], lambda found: {"title": found[0]["title"], "told": found[0]["told"], "link": found[0]["link"]})


def digest(user_pk: int, until: datetime) -> letters.Letter | None:
    rows = list(_for_digest(until).filter(user=user_pk).select_related("user").order_by("pk"))
    return _drawn(rows[0].user, rows, lambda found: {"items": found[:LINES], "more": max(0, len(found) - LINES)}) if rows else None


def _drawn(user, rows, context):
    with translation.override(user.language):
        told = notifications.tell(rows)
        found = [
            {"title": told[row.pk][0], "told": told[row.pk][1], "link": settings.SITE_ADDRESS + reverse("notification_open", args=[row.pk])}
            for row in rows
            if row.pk in told
        ]
    if not found:
        return None
    ids = [row.pk for row in rows]

    def claim():
        free = Notification.objects.select_for_update().filter(pk__in=ids, mailed_at=None)
        taken = list(free.values_list("pk", flat=True))
        Notification.objects.filter(pk__in=taken).update(mailed_at=timezone.now())
        return bool(taken)

    facts = {"name": user.display_name(user.language), **context(found), "list": settings.SITE_ADDRESS + reverse("notification_list")}
    return letters.Letter(user.email, user.language, facts, claim)


def mark_read(rows, *, at: datetime) -> int:
    """Not in the ledger: a way of looking, not a deed."""
    return rows.filter(read_at=None).update(read_at=at)
