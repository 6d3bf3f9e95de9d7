"""Proposals as staff read them, and what a proposal stands on."""

import hashlib

from django.db.models import OuterRef, Subquery
from django.http import Http404

from accounts.permissions import require, visible
from competition.domain.calendar import beijing_date
from competition.domain.states import GONE
from competition.models import AdvancementRule, Competition, Proposal, Round, Standings
from competition.workflow import provide
from ledger.domain import canonical
from ledger.domain.reason import Reason

SIGNED = ("entry_id", "rank", "computed", "reason", "outcome", "note")
CONDITION = ("condition_zh", "condition_en", "condition_due")


def proposal_digest(proposal, rows=None) -> str:
    """SHA-256 of what a signature is for: round, snapshot, rule and every row with its outcome, note and condition. `rows`: where they
    are read already."""
    rows = proposal.rows.order_by("entry_id") if rows is None else sorted(rows, key=lambda row: row.entry_id)
    content = {
        "round": proposal.round_id,
        "number": proposal.number,
        "standings": {
            "number": proposal.standings.number,
            "input": proposal.standings.input_digest,
            "scheme": proposal.standings.scheme_digest,
        },
        "rule": proposal.rule.digest,
        "rows": [_signed(row) for row in rows],
    }
    return hashlib.sha256(canonical.encode(content)).hexdigest()


def _signed(row) -> list:
    """A row without a condition is what it always was: what was signed before there were conditions still holds."""
    condition = [row.condition_zh, row.condition_en, row.condition_due.isoformat()] if row.condition_zh else []
    return [getattr(row, name) for name in SIGNED] + condition


def stale(proposal, rows=None) -> tuple[Reason, ...]:
    """Why the proposal no longer stands on the round's snapshot, rule and list. One query, and one for the rows (with their entries)
    where they are not given."""
    round, rows = proposal.round, _rows_of(proposal) if rows is None else rows
    found = []
    snapshots, rules = Standings.objects.filter(round=OuterRef("pk")), AdvancementRule.objects.filter(round=OuterRef("pk"))
    standings, rule = Round.objects.values_list(
        Subquery(snapshots.order_by("-number").values("pk")[:1]), Subquery(rules.order_by("-version").values("pk")[:1])
    ).get(pk=round.pk)
    if round.state != "closed":
        found.append(Reason("competition.proposal_round_moved"))
    if standings != proposal.standings_id:
        found.append(Reason("competition.proposal_standings_newer"))
    if rule != proposal.rule_id:
        found.append(Reason("competition.proposal_rule_changed"))
    left = sum(1 for row in rows if row.outcome in ("advance", "reserve") and row.entry.state in GONE)
    if left:
        found.append(Reason("competition.proposal_entry_left", {"count": left}))
    if proposal_digest(proposal, rows) != proposal.digest:
        found.append(Reason("competition.proposal_altered"))
    return tuple(found)


def _rows_of(proposal) -> list:
    rows = proposal.rows.select_related("entry").order_by("entry_id")
    return list(rows.only("proposal_id", *SIGNED[1:], *CONDITION, "entry__state"))


def _rows(act) -> list:
    """Of the act's proposal, read once for all that is asked of one act."""
    if not hasattr(act, "rows"):
        act.rows = _rows_of(act.subject)
    return act.rows


def valid_signatures(proposal):
    """Signatures that hold for the digest as it is now, one per person."""
    return proposal.signatures.filter(voided_at=None, digest=proposal.digest).select_related("user")


@provide("proposal", "table", "stale")
def _stale_to_table(act):
    return stale(act.subject)


@provide("proposal", "release", "stale")
def _stale_to_release(act):
    return stale(act.subject, _rows(act))


@provide("proposal", "release", "meeting")
def _meeting(act):
    return hasattr(act.subject, "meeting")


@provide("proposal", "release", "undecided")
def _undecided(act):
    return sum(1 for row in _rows(act) if row.outcome == "undecided")


@provide("proposal", "release", "conditions_past")
def _conditions_past(act):
    return conditions_past(_rows(act), at=act.at)


def conditions_past(rows, *, at) -> int:
    """Conditions whose day would be over before anybody reads of them."""
    return sum(1 for row in rows if row.condition_due and row.condition_due <= beijing_date(at))


@provide("proposal", "release", "signatures")
def _signatures(act):
    return valid_signatures(act.subject).values("user").distinct().count()


def proposal_of(viewer, pk, *, action="proposal.view") -> Proposal:
    """Http404 for strangers to its competition, NotAllowed for colleagues who may not see it (yet)."""
    seen = visible(viewer, "competition.view", Competition).values("pk")
    related = ("round__competition__region", "standings", "rule", "created_by", "meeting", "notice")
    proposal = Proposal.objects.filter(pk=pk, round__competition__in=seen).select_related(*related).first()
    if proposal is None:
        raise Http404
    proposal.standings.round = proposal.round
    require(viewer, action, proposal)
    return proposal


def proposal_rows(proposal):
    """Rows in rank order with everything a page shows: one query, whatever their number."""
    return proposal.rows.select_related(
        "entry__track", "entry__application__cluster__lead_region", "entry__application__cluster__sector", "changed_by"
    ).order_by("rank", "entry_id")
