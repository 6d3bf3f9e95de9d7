"""Proposals as staff read them, and what a proposal stands on."""

import hashlib

from django.http import Http404

from accounts.permissions import require
from competition.domain.states import GONE
from competition.models import Proposal
from competition.selectors.rules import advancement_of
from competition.workflow import provide
from ledger.domain import canonical
from ledger.domain.reason import Reason


def proposal_digest(proposal) -> str:
    """SHA-256 of what a signature is for: round, snapshot, rule and every row with its outcome and note."""
    rows = proposal.rows.order_by("entry_id").values_list("entry_id", "rank", "computed", "reason", "outcome", "note")
    content = {
        "round": proposal.round_id,
        "number": proposal.number,
        "standings": {
            "number": proposal.standings.number,
            "input": proposal.standings.input_digest,
            "scheme": proposal.standings.scheme_digest,
        },
        "rule": proposal.rule.digest,
        "rows": [list(row) for row in rows],
    }
    return hashlib.sha256(canonical.encode(content)).hexdigest()


def stale(proposal) -> tuple[Reason, ...]:
    """Why the proposal no longer stands on the round's snapshot, rule and list."""
    round = proposal.round
    found = []
    newest = round.standings.order_by("-number").first()
    if round.state != "closed":
        found.append(Reason("competition.proposal_round_moved"))
    if newest is None or newest.pk != proposal.standings_id:
        found.append(Reason("competition.proposal_standings_newer"))
    rule = advancement_of(round)
    if rule is None or rule.pk != proposal.rule_id:
        found.append(Reason("competition.proposal_rule_changed"))
    left = proposal.rows.filter(outcome__in=("advance", "reserve"), entry__state__in=GONE).count()
    if left:
        found.append(Reason("competition.proposal_entry_left", {"count": left}))
    if proposal_digest(proposal) != proposal.digest:
        found.append(Reason("competition.proposal_altered"))
    return tuple(found)


def valid_signatures(proposal):
    """Signatures that hold for the digest as it is now, one per person."""
    return proposal.signatures.filter(voided_at=None, digest=proposal.digest).select_related("user")


@provide("proposal", "table", "stale")
def _stale_to_table(act):
    return stale(act.subject)


@provide("proposal", "release", "stale")
def _stale_to_release(act):
    return stale(act.subject)


@provide("proposal", "release", "meeting")
def _meeting(act):
    return hasattr(act.subject, "meeting")


@provide("proposal", "release", "undecided")
def _undecided(act):
    return act.subject.rows.filter(outcome="undecided").count()


@provide("proposal", "release", "signatures")
def _signatures(act):
    return valid_signatures(act.subject).values("user").distinct().count()


def proposal_of(viewer, pk, *, action="proposal.view") -> Proposal:
    """Http404 for strangers to its competition, NotAllowed for colleagues who may not see it (yet)."""
    from competition.selectors.competitions import competition

    proposal = Proposal.objects.filter(pk=pk).select_related("round__competition", "standings", "rule", "created_by").first()
    if proposal is None:
        raise Http404
    competition(viewer, proposal.round.competition_id)
    require(viewer, action, proposal)
    return proposal


def proposal_rows(proposal):
    """Rows in rank order with everything a page shows: one query, whatever their number."""
    return proposal.rows.select_related(
        "entry__track", "entry__application__cluster__lead_region", "entry__application__cluster__sector", "changed_by"
    ).order_by("rank", "entry_id")
