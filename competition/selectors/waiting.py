"""What waits for one who decides: lists to settle and to sign, objections to decide. Set-based, nothing of a conflicted round."""

from django.db.models import Count, Q

from accounts.permissions import can, visible
from competition.domain.calendar import end_of
from competition.models import Objection, Proposal
from competition.permissions.decision import preload


def waiting_for(viewer, *, at) -> list[dict]:
    """Each with `kind` (undecided, meeting, sign, signed, objection), `url` name and arguments, `competition`, `round`, `count`."""
    proposals = (
        visible(viewer, "proposal.view", Proposal)
        .filter(state="tabled")
        .select_related("round__competition", "meeting")
        .annotate(undecided=Count("rows", filter=Q(rows__outcome="undecided")))
        .prefetch_related("signatures")
        .order_by("created_at", "pk")
    )
    found = []
    preload(viewer, [proposal.round for proposal in proposals])
    for proposal in proposals:
        if not can(viewer, "proposal.sign", proposal).allowed:
            continue
        valid = [row for row in proposal.signatures.all() if row.voided_at is None and row.digest == proposal.digest]
        if proposal.undecided:
            kind = "undecided"
        elif getattr(proposal, "meeting", None) is None:
            kind = "meeting"
        else:
            kind = "signed" if any(row.user_id == viewer.pk for row in valid) else "sign"
        found.append(_line(kind, proposal.round, "competition:proposal_detail", proposal.pk, count=proposal.undecided, signed=len(valid)))
    objections = (
        visible(viewer, "objection.view", Objection)
        .filter(state="open")
        .select_related("entry__round__competition", "entry__application__cluster", "notice")
        .order_by("received_at", "pk")[:50]
    )
    for row in objections:
        line = _line("objection", row.entry.round, "competition:objection_detail", row.pk)
        found.append(line | {"cluster": row.entry.application.cluster, "until": end_of(row.notice.ends_on)})
    return found


def _line(kind, round, url, pk, *, count=0, signed=0) -> dict:
    return {
        "kind": kind,
        "round": round,
        "competition": round.competition,
        "demo": round.competition.demo,
        "url": url,
        "pk": pk,
        "count": count,
        "signed": signed,
    }
