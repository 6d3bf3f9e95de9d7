"""The ledger of a competition in words, and what a supervisor watches over."""

from collections import defaultdict

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import visible
from competition import labels
from competition.models import Application, Competition, Entry, Round
from ledger import actions
from ledger.models import Record, SealEntry
from ledger.selectors import newest_seal, read, unsealed

KINDS = {
    "competition": pgettext_lazy("subject", "Competition"),
    "round": pgettext_lazy("subject", "Round"),
    "application": pgettext_lazy("subject", "Application"),
    "revision": pgettext_lazy("subject", "Revision"),
    "attachment": pgettext_lazy("subject", "Attachment"),
    "entry": pgettext_lazy("subject", "Entry"),
    "proposal": pgettext_lazy("subject", "Proposal"),
    "notice": pgettext_lazy("subject", "Publicity notice"),
    "objection": pgettext_lazy("subject", "Objection"),
    "award": pgettext_lazy("subject", "Award"),
    "document": pgettext_lazy("subject", "Document"),
    "assignment": pgettext_lazy("subject", "Seat"),
    "sheet": pgettext_lazy("subject", "Sheet"),
    "user": pgettext_lazy("subject", "Person"),
    "membership": pgettext_lazy("subject", "Role"),
    "invitation": pgettext_lazy("subject", "Invitation"),
}


def supervised(viewer) -> list[dict]:
    """Competitions with their rounds and proposals in words, newest first; the same number of queries whatever their number."""
    rows = visible(viewer, "competition.staff", Competition).prefetch_related("rounds__proposals").order_by("-year", "-id")[:50]
    return [
        {
            "competition": competition,
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


def seal_state() -> dict:
    """The newest seal and how many records wait for the next one."""
    return {"newest": newest_seal(), "waiting": unsealed().count()}


def ledger_of(competition, *, action="", actor=""):
    return read(scope=f"competition:{competition.pk}", action=action or None, actor=actor or None)


def recorded_actions(competition) -> list[tuple[str, str]]:
    """What was ever recorded here: code and words."""
    codes = Record.objects.filter(scope=f"competition:{competition.pk}").order_by("action").values_list("action", flat=True).distinct()
    return [(code, actions.label(code)) for code in codes]


def in_words(records) -> list[dict]:
    """A page of records: who, what, about what, and the seal that holds it. Six queries at most."""
    records = list(records)
    keys = defaultdict(set)
    for record in records:
        for text in (record.actor, record.subject):
            kind, _colon, key = text.partition(":")
            if key.isdecimal():
                keys[kind].add(int(key))
    names = {("user", pk): str(user) for pk, user in User.objects.in_bulk(keys["user"]).items()}
    names |= {("round", pk): str(row) for pk, row in Round.objects.in_bulk(keys["round"]).items()}
    for kind, rows in (
        ("application", Application.objects.filter(pk__in=keys["application"]).select_related("cluster")),
        ("entry", Entry.objects.filter(pk__in=keys["entry"]).select_related("application__cluster")),
    ):
        names |= {(kind, row.pk): str(row.cluster if kind == "application" else row.application.cluster) for row in rows}
    seals = dict(SealEntry.objects.filter(record__in=[record.pk for record in records]).values_list("record_id", "seal__number"))
    return [
        {
            "record": record,
            "action": actions.label(record.action),
            "actor": _person(record.actor, names),
            "subject": _subject(record.subject, names),
            "seal": seals.get(record.pk),
        }
        for record in records
    ]


def _person(text, names):
    kind, _colon, key = text.partition(":")
    return names.get((kind, int(key)), text) if key.isdecimal() else _("The system")


def _subject(text, names) -> dict:
    kind, _colon, key = text.partition(":")
    name = names.get((kind, int(key)), "") if key.isdecimal() else ""
    return {"kind": KINDS.get(kind, kind), "name": name or f"#{key}"}
