"""The ledger of competitions in words, and what a supervisor watches over."""

from datetime import datetime, time, timedelta

from django.db.models import F, Q
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from accounts.permissions import visible
from competition import labels, record_names
from competition.models import Application, Competition, Entry
from competition.selectors.lives import told
from competition.selectors.subject_names import SYSTEM, Names
from ledger import actions
from ledger.domain.reason import Reason, Refused
from ledger.models import Record, Seal
from ledger.selectors import newest_seal, read, unsealed

READINGS = ("standings.read", "sheet.read", "document.read", "finding.read")
PEOPLE = 200  # of one name, more are not told apart


def supervised(viewer) -> list[dict]:
    """Competitions with their rounds and proposals in words, newest first; the same number of queries whatever their number."""
    rows = visible(viewer, "competition.staff", Competition).prefetch_related("rounds__proposals").order_by("-year", "-id")[:50]
    readable = set(readable_competitions(viewer).values_list("pk", flat=True))
    return [
        {
            "competition": competition,
            "readable": competition.pk in readable,
            "rounds": [
                {
                    "round": round,
                    "state": labels.ROUND_STATES[round.state],
                    "pill": labels.ROUND_PILLS[round.state],
                    "proposals": [{"proposal": row, "state": labels.PROPOSAL_STATES[row.state]} for row in round.proposals.all()],
                }
                for round in competition.rounds.all()
            ],
        }
        for competition in rows
    ]


def readable_competitions(viewer):
    """Whose ledgers the viewer may read, newest first."""
    return visible(viewer, "ledger.read", Competition).order_by("-year", "-id")


def scopes_of(competitions) -> list[str]:
    return [f"competition:{row.pk}" for row in competitions]


def seal_state() -> dict:
    """The newest seal and how many records wait for the next one."""
    return {"newest": newest_seal(), "waiting": unsealed().count()}


def seals():
    """Newest first."""
    return Seal.objects.order_by("-number")


def seal_numbered(number: int) -> Seal:
    found = Seal.objects.filter(number=number).first() if number < 2**63 else None
    if found is None:
        raise Http404
    return found


def records_of_seal(seal, scopes):
    """In the order in which they are sealed; only those of `scopes`."""
    return with_seals(Record.objects.filter(entry__seal=seal, scope__in=scopes).order_by("entry__position"))


def find(scopes, *, action="", kind="", about="", person="", since=None, until=None, among=None):
    """Records of `scopes`, newest first. `about`: a number or part of a cluster's name; `person`: part of a name; `since`, `until`:
    days in Beijing, both included; `among`: only these actions. Refused at the field where nothing of that name is known."""
    rows = read(scope=scopes, action=action or None, since=_midnight(since), until=_midnight(until and until + timedelta(days=1)))
    if among is not None:
        rows = rows.filter(action__in=among)
    if person:
        rows = rows.filter(actor__in=_actors(scopes, person))
    if about:
        rows = rows.filter(subject__in=_subjects(scopes, kind, about))
    elif kind:
        rows = rows.filter(subject__startswith=f"{kind}:")
    return with_seals(rows)


def with_seals(records):
    """Each with `sealed_in`, the number of its seal; None while it waits for one."""
    return records.annotate(sealed_in=F("entry__seal_id"))


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _actors(scopes, person):
    """Only those who did something here: whoever asks learns of nobody else."""
    ids = (
        User.objects.filter(Q(name_zh__icontains=person) | Q(name_en__icontains=person))
        .order_by("pk")
        .values_list("pk", flat=True)[:PEOPLE]
    )
    named = [f"user:{pk}" for pk in ids]
    if person.casefold() in ("system", "the system", "系统"):
        named.append(SYSTEM)
    acted = set(read(scope=scopes, actor=named).order_by().values_list("actor", flat=True).distinct())
    if not acted:
        raise Refused(Reason("competition.nobody_acted"), field="person")
    return acted


def _subjects(scopes, kind, about):
    number = about.removeprefix("#")
    if number.isdecimal() and len(number) < 19:
        return [f"{one}:{int(number)}" for one in ([kind] if kind else record_names.labels())]
    ids = [scope.partition(":")[2] for scope in scopes]
    entries = Entry.objects.filter(round__competition__in=ids)
    applications = Application.objects.filter(competition__in=ids)
    called = Q(name_zh__icontains=about) | Q(name_en__icontains=about)
    clusters = applications.model._meta.get_field("cluster").related_model.objects.filter(called).values("pk")
    applications, entries = applications.filter(cluster__in=clusters), entries.filter(application__cluster__in=clusters)
    found = {f"application:{pk}" for pk in applications.values_list("pk", flat=True)}
    if not found:
        raise Refused(Reason("competition.no_such_cluster_here"), field="about")
    found |= record_names.subjects(entry=entries, **record_names.parts(entries))
    found |= {f"revision:{pk}" for pk in applications.exclude(revisions=None).values_list("revisions", flat=True)}
    return [subject for subject in found if not kind or subject.startswith(f"{kind}:")]


def recorded_actions(scopes) -> list[tuple[str, str]]:
    """What was ever recorded here: code and words."""
    codes = Record.objects.filter(scope__in=scopes).order_by("action").values_list("action", flat=True).distinct()
    return [(code, actions.label(code)) for code in codes]


def in_words(records) -> list[dict]:
    """A page of `with_seals` records: who, what, about what, and the seal that holds it."""
    records = list(records)
    names = Names(records)
    return [
        {
            "record": record,
            "action": actions.label(record.action),
            "actor": names.actor(record.actor),
            "subject": names.subject(record.subject, record.scope),
            "seal": record.sealed_in,
        }
        for record in records
    ]


def life_in_words(records) -> list[dict]:
    """As `in_words`, with the version that was submitted and the reason that was given, where there is one."""
    records = list(records)
    rows = in_words(records)
    for row, record in zip(rows, records, strict=True):
        row["version"] = record.after.get("number") if record.action == "sheet.fix" and isinstance(record.after, dict) else None
        row["told"] = told(record)
    return rows
