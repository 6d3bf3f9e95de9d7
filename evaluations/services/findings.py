"""What the organiser finds: recorded with its reason, replaced by another, taken back; before the round is closed."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.domain.states import IN_RACE
from competition.models import Entry, Round
from evaluations.models import Finding
from evaluations.selectors.findings import OPEN, given_once, left
from evaluations.services.scoreboards import count_change, lock_board
from evaluations.services.sheets import read_mark
from ledger.domain.reason import Reason, Refused
from ledger.services import Deed, record, record_many


def _open(entry) -> Entry:
    """The entry read anew under the scoreboard's lock, which the closing takes as well."""
    lock_board(entry.round)
    entry = Entry.objects.select_related("round__competition", "application__cluster").get(pk=entry.pk)
    if entry.round.state not in OPEN:
        raise Refused(Reason("evaluations.finding_round_closed"))
    if entry.state not in IN_RACE:
        raise Refused(Reason("evaluations.entry_not_running"))
    return entry


@transaction.atomic
def record_finding(entry, *, criterion, value: str, reason: str, evidence: str = "", seen: int = 0, actor, at: datetime) -> Finding:
    """`value`: points of a bonus as decimal text; of a veto "1" passed or "0" failed. A failed veto and points need their reason.
    `seen`: id of the finding that is replaced, 0 for none; another one meanwhile is refused. The same once more writes nothing."""
    require(actor, "finding.record", entry)
    entry = _open(entry)
    if criterion.pk not in {row.pk for row in given_once(entry.round)}:
        raise Refused(Reason("evaluations.finding_not_given_once", {"criterion": criterion.code}))
    number = _value(criterion, value)
    reason, evidence = reason.strip(), evidence.strip()
    if not reason and (number == 0) == (criterion.kind == "veto"):
        raise Refused(Reason("competition.reason_missing"), field="reason")
    current = Finding.objects.filter(entry=entry, criterion=criterion, ended_at=None).first()
    if current and not current.together and (current.value, current.reason, current.evidence) == (number, reason, evidence):
        return current
    if (current.pk if current else 0) != seen:
        raise Refused(Reason("evaluations.finding_changed"))
    version = count_change(entry.round, requested_by=f"user:{actor.pk}")
    if current:
        _end(current, version, actor=actor, at=at)
    found = Finding.objects.create(
        entry=entry,
        criterion=criterion,
        value=number,
        reason=reason,
        evidence=evidence,
        found_by=actor,
        found_at=at,
        scores_version=version,
    )
    record(
        actor=f"user:{actor.pk}",
        action="finding.record",
        subject=f"finding:{found.pk}",
        scope=f"competition:{entry.round.competition_id}",
        before={"finding": current.pk, "value": current.value} if current else None,
        after=_said(found),
        private={key: text for key, text in (("reason", reason), ("evidence", evidence)) if text},
        at=at,
    )
    return found


def _value(criterion, text: str) -> int:
    try:
        number = read_mark(criterion, text)
    except Refused as refused:
        raise Refused(*refused.reasons, field="value") from refused
    if number is None:
        raise Refused(Reason("evaluations.sheet_mark_not_a_number", {"criterion": criterion.code}), field="value")
    return number


def _said(found: Finding) -> dict:
    return {"entry": found.entry_id, "criterion": found.criterion.code, "value": found.value}


def _end(found: Finding, version: int, *, actor, at, reason: str = "") -> None:
    found.ended_by, found.ended_at, found.end_reason, found.scores_version = actor, at, reason, version
    found.save(update_fields=["ended_by", "ended_at", "end_reason", "scores_version"])


@transaction.atomic
def read_findings(round: Round, *, entry: Entry | None = None, actor, at: datetime) -> None:
    """Once the round is closed what was found tells of outcomes: each reading is written down."""
    if entry is None:
        require(actor, "finding.list", round)
    else:
        require(actor, "finding.view", entry)
    if round.state in OPEN:
        return
    record(
        actor=f"user:{actor.pk}",
        action="finding.read",
        subject=f"round:{round.pk}" if entry is None else f"entry:{entry.pk}",
        scope=f"competition:{round.competition_id}",
        at=at,
    )


@transaction.atomic
def withdraw_finding(finding: Finding, *, reason: str, actor, at: datetime) -> Finding:
    """As if nobody had looked; it stays on file with the reason."""
    require(actor, "finding.withdraw", finding.entry)
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    entry = _open(finding.entry)
    finding = Finding.objects.select_related("criterion").get(pk=finding.pk)
    if finding.ended_at is not None:
        raise Refused(Reason("evaluations.finding_changed"))
    version = count_change(entry.round, requested_by=f"user:{actor.pk}")
    _end(finding, version, actor=actor, at=at, reason=reason.strip())
    record(
        actor=f"user:{actor.pk}",
        action="finding.withdraw",
        subject=f"finding:{finding.pk}",
        scope=f"competition:{entry.round.competition_id}",
        before=_said(finding),
        private={"reason": reason.strip()},
        at=at,
    )
    return finding


@transaction.atomic
def pass_rest(round: Round, *, expected: int, actor, at: datetime) -> int:
    """Every veto item that nobody has looked at is passed, but those of clusters that the actor is bound to. `expected`: how many
    were shown; refused where there are others by now. Returns how many."""
    require(actor, "finding.pass_rest", round)
    lock_board(round)
    round = Round.objects.select_related("competition").get(pk=round.pk)
    if round.state not in OPEN:
        raise Refused(Reason("evaluations.finding_round_closed"))
    found = left(actor, round)
    if len(found) != expected:
        raise Refused(Reason("evaluations.findings_changed", {"count": len(found), "expected": expected}))
    if not found:
        return 0
    version = count_change(round, requested_by=f"user:{actor.pk}")
    made = Finding.objects.bulk_create(
        [
            Finding(
                entry=entry,
                criterion=criterion,
                value=criterion.maximum,
                together=True,
                found_by=actor,
                found_at=at,
                scores_version=version,
            )
            for entry, criterion in found
        ],
        batch_size=500,
    )
    scope = f"competition:{round.competition_id}"
    deeds = [
        Deed(
            actor=f"user:{actor.pk}",
            action="finding.record",
            subject=f"finding:{row.pk}",
            scope=scope,
            after={**_said(row), "together": True},
        )
        for row in made
    ]
    record_many(deeds, at=at)
    return len(made)
