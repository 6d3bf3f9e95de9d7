"""From a closed round to a list that two people may release: proposal, changes, meeting."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from accounts.permissions import require
from competition.domain.advancement import Outcome, Row, advance
from competition.domain.calendar import beijing_date
from competition.domain.condition import Terms, checked
from competition.domain.grades import official_total
from competition.domain.states import GONE, IN_RACE
from competition.domain.votes import ballots_in
from competition.models import Meeting, Proposal, ProposalRow, Track
from competition.selectors.competitions import is_last
from competition.selectors.decisions import proposal_digest, stale
from competition.selectors.rules import advancement_of
from competition.services.scans import of_upload, screen
from competition.services.signatures import OPEN, lock_proposal, void_signatures
from competition.services.storing import keep
from competition.workflow import perform
from ledger.domain.reason import Reason, Refused
from ledger.services import record, seal

DECIDED = ("advance", "reserve", "eliminated", "ineligible")


def _record(proposal, action, *, actor, at, before=None, after=None, private=None):
    record(
        actor=f"user:{actor.pk}",
        action=action,
        subject=f"proposal:{proposal.pk}",
        scope=f"competition:{proposal.round.competition_id}",
        before=before,
        after=after,
        private=private,
        at=at,
    )


def candidates(standings):
    """Plain rows of the snapshot, with what caps and floors ask of the cluster. Withdrawn entries have no rank."""
    rows = standings.rows.select_related("entry__track", "entry__application__cluster__lead_region", "entry__application__cluster__sector")
    for row in rows.order_by("entry_id"):
        cluster = row.entry.application.cluster
        running = row.entry.state in IN_RACE
        flags = set(row.flags) if running else {*row.flags, "ineligible"}
        yield Row(
            entry=str(row.entry_id),
            rank=row.rank if running else None,
            track=row.entry.track.code if row.entry.track else "",
            track_rank=row.track_rank if running else None,
            group=str(row.entry.group or ""),
            group_rank=row.group_rank if running else None,
            total=official_total(row.total, row.exact, standings.method),
            flags=frozenset(flags),
            reason=_why(row, running),
            region=cluster.lead_region_id,
            macro_region=cluster.lead_region.macro_region,
            recommender=cluster.lead_region_id,
            sector=cluster.sector.code,
            ballots=ballots_in(row.panel),
        )


def _why(row, running) -> Reason | None:
    if not running:
        return Reason("competition.entry_left", {"entry_state": row.entry.state})
    return Reason.from_json(row.reason) if row.reason else None


def outcomes_by_rule(standings, rule) -> list[Outcome]:
    """One for each entry of a snapshot, with reasons that name its track in both languages. Two queries at most; `Refused` where the
    rule cannot be kept."""
    found = advance(candidates(standings), rule.rule).values()
    if not any("track" in row.reason.params for row in found):
        return list(found)
    tracks = Track.objects.filter(competition__rounds__standings=standings)
    names = {track.code: {"zh": track.name_zh, "en": track.name_en} for track in tracks}
    return [replace(row, reason=_named(row.reason, names)) for row in found]


def _named(reason: Reason, names) -> Reason:
    track = reason.params.get("track")
    return Reason(reason.code, {**reason.params, "track": names[track]}) if track in names else reason


@transaction.atomic
def propose(round, *, actor, at: datetime) -> Proposal:
    """What the frozen rule makes of the newest snapshot. An open proposal before it is voided."""
    require(actor, "proposal.create", round)
    round = type(round).objects.select_for_update(of=("self",)).select_related("competition").get(pk=round.pk)
    standings = round.standings.order_by("-number").first()
    if round.state != "closed" or standings is None:
        raise Refused(Reason("competition.round_not_closed"))
    rule = advancement_of(round)
    if rule is None:
        raise Refused(Reason("competition.rule_missing"))
    for earlier in round.proposals.filter(state__in=OPEN):
        void_signatures(earlier, Reason("competition.signature_new_proposal"), actor=actor, at=at)
        perform(earlier, "void", actor=actor, at=at)
    outcomes = outcomes_by_rule(standings, rule)
    proposal = Proposal.objects.create(
        round=round,
        number=(round.proposals.aggregate(last=Max("number"))["last"] or 0) + 1,
        standings=standings,
        rule=rule,
        digest="",
        created_by=actor,
        created_at=at,
    )
    ranks = dict(standings.rows.values_list("entry_id", "rank"))
    ProposalRow.objects.bulk_create(
        [
            ProposalRow(
                proposal=proposal,
                entry_id=int(found.entry),
                rank=ranks[int(found.entry)],
                computed=found.outcome,
                outcome=found.outcome,
                reason=found.reason.as_json(),
            )
            for found in outcomes
        ],
        batch_size=500,
    )
    proposal.digest = proposal_digest(proposal)
    proposal.save(update_fields=["digest"])
    _record(
        proposal,
        "proposal.create",
        actor=actor,
        at=at,
        after={"number": proposal.number, "standings": standings.number, "rule": rule.digest, "digest": proposal.digest},
    )
    seal(at=at)
    return proposal


@transaction.atomic
def table_proposal(proposal: Proposal, *, actor, at: datetime) -> Proposal:
    """Puts it before the deciding body; the award report is printed from it."""
    lock_proposal(proposal)
    proposal = perform(proposal, "table", actor=actor, at=at)
    seal(at=at)
    return proposal


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, actor, at: datetime) -> Proposal:
    """Takes it off the table; what was signed no longer holds."""
    proposal = lock_proposal(proposal)
    require(actor, "proposal.void", proposal)
    void_signatures(proposal, Reason("competition.signature_withdrawn"), actor=actor, at=at)
    return perform(proposal, "void", actor=actor, at=at)


def _open_under_lock(proposal, action, actor):
    proposal = lock_proposal(proposal)
    require(actor, action, proposal)
    if proposal.state not in OPEN:
        raise Refused(Reason("competition.proposal_not_open", {"state": proposal.state}))
    return proposal


@transaction.atomic
def change_outcome(row: ProposalRow, *, outcome: str, note: str, condition: Terms | None = None, actor, at: datetime) -> ProposalRow:
    """One entry's outcome, with a written reason; back to the computed one needs none. `condition`: on which terms a chosen one of the
    last round is chosen (`NONE`: on none; None: as they are). Voids every signature."""
    proposal = _open_under_lock(row.proposal, "proposal.change", actor)
    row = ProposalRow.objects.select_for_update(of=("self",)).select_related("entry").get(pk=row.pk, proposal=proposal)
    note = note.strip()
    if reasons := stale(proposal):
        raise Refused(*reasons)
    if outcome not in DECIDED and outcome != row.computed:
        raise Refused(Reason("competition.outcome_unknown"), field="outcome")
    if outcome in ("advance", "reserve") and row.entry.state in GONE:
        raise Refused(Reason("competition.entry_left", {"entry_state": row.entry.state}), field="outcome")
    if outcome == row.computed:
        note = ""
    elif not note:
        raise Refused(Reason("competition.note_missing"), field="note")
    terms = _terms(proposal, row, outcome, condition, at)
    if (outcome, note, terms) == (row.outcome, row.note, _terms_of(row)):
        return row
    before = {"entry": row.entry_id, "outcome": row.outcome, "digest": proposal.digest} | _due(row)
    row.outcome, row.note, row.changed_by, row.changed_at = outcome, note, actor, at
    row.condition_zh, row.condition_en, row.condition_due = terms.zh, terms.en, terms.due_on
    row.save(update_fields=["outcome", "note", "condition_zh", "condition_en", "condition_due", "changed_by", "changed_at"])
    proposal.digest = proposal_digest(proposal)
    proposal.save(update_fields=["digest"])
    private = {"note": note, "condition_zh": terms.zh, "condition_en": terms.en}
    _record(
        proposal,
        "proposal.change",
        actor=actor,
        at=at,
        before=before,
        after={"entry": row.entry_id, "outcome": outcome, "digest": proposal.digest} | _due(row),
        private={name: text for name, text in private.items() if text} or None,
    )
    void_signatures(proposal, Reason("competition.signature_list_changed"), actor=actor, at=at)
    return row


def _due(row) -> dict:
    return {"condition_due": row.condition_due} if row.condition_due else {}


def _terms_of(row) -> Terms:
    return Terms(row.condition_zh, row.condition_en, row.condition_due)


def _terms(proposal, row, outcome, condition, at) -> Terms:
    """Untouched ones are not looked at again: their day may be today by now, which the release refuses."""
    terms = _terms_of(row) if condition is None or condition == _terms_of(row) else checked(condition, today=beijing_date(at))
    if not terms:
        return terms
    if outcome != "advance":
        raise Refused(Reason("competition.condition_not_chosen"), field="condition_zh")
    if not is_last(proposal.round):
        raise Refused(Reason("competition.condition_not_last"), field="condition_zh")
    return terms


def record_meeting(proposal: Proposal, *, number: str, held_on: date, minutes=None, actor, at: datetime) -> Meeting:
    """`minutes` is an upload, or None. Recording again corrects it until release."""
    require(actor, "proposal.record_meeting", proposal)
    scope = f"competition:{proposal.round.competition_id}"
    checked = screen(minutes, subject=f"proposal:{proposal.pk}", scope=scope, actor=actor, at=at) if minutes else None
    return _record_meeting(proposal, number=number, held_on=held_on, checked=checked, actor=actor, at=at)


@transaction.atomic
def _record_meeting(proposal, *, number, held_on, checked, actor, at) -> Meeting:
    proposal = _open_under_lock(proposal, "proposal.record_meeting", actor)
    number = number.strip()
    if not number:
        raise Refused(Reason("competition.meeting_number_missing"), field="number")
    if proposal.state != "tabled":
        raise Refused(Reason("competition.proposal_not_tabled"))
    if held_on > beijing_date(at):
        raise Refused(Reason("competition.meeting_in_future"), field="held_on")
    values = {"number": number, "held_on": held_on, "recorded_by": actor, "recorded_at": at}
    if checked is not None:
        stored = keep(checked, folder="meetings")
        values |= {"minutes": stored.name, "minutes_name": stored.shown_name, "minutes_sha256": stored.sha256, **of_upload(checked)}
    meeting, _created = Meeting.objects.update_or_create(proposal=proposal, defaults=values)
    _record(
        proposal,
        "proposal.record_meeting",
        actor=actor,
        at=at,
        after={"held_on": held_on, "minutes": meeting.minutes_sha256},
        private={"number": number},
    )
    return meeting
