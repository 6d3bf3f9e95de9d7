"""What a supervisor should have an eye on now: acts under way that money and titles hang on. Set-based; names no cluster."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from accounts.permissions import visible
from competition.domain.calendar import beijing_date, end_of
from competition.models import Competition, Notice, Proposal, Reopening, Round


@dataclass(frozen=True)
class Watch:
    """`kind`: signing, reopening, objections, publicity, judging; `number`: signatures that hold, objections that are open. `due`:
    when it ends by itself."""

    kind: str
    round: Round
    url: str
    pk: int | None = None
    number: int = 0
    due: datetime | None = None


def watched(viewer, *, at: datetime) -> list[Watch]:
    """Of the competitions that the viewer watches: what waits for a second person first, then by its end. Four queries."""
    mine = visible(viewer, "competition.staff", Competition).order_by().values("pk")
    found = []
    holding = Q(signatures__voided_at=None, signatures__digest=F("digest"))
    tabled = Proposal.objects.filter(state="tabled", round__competition__in=mine).select_related("round__competition")
    for row in tabled.annotate(signed=Count("signatures", filter=holding)).order_by("created_at", "pk"):
        found.append(Watch("signing", row.round, "competition:proposal_detail", row.pk, row.signed))
    asked = Reopening.objects.filter(approved=None, round__competition__in=mine).select_related("round__competition")
    found += [Watch("reopening", row.round, "competition:decision_list") for row in asked.order_by("requested_at")]
    dated = []
    notices = Notice.objects.filter(state="published", proposal__round__competition__in=mine)
    notices = notices.annotate(open=Count("objections", filter=Q(objections__state="open")))
    notices = notices.filter(Q(open__gt=0) | Q(ends_on__gte=beijing_date(at))).select_related("proposal__round__competition")
    for row in notices:
        kind = "objections" if row.open else "publicity"
        dated.append(Watch(kind, row.proposal.round, "competition:notice_detail", row.pk, row.open, end_of(row.ends_on)))
    judged = Round.objects.filter(state="judging", competition__in=mine).select_related("competition")
    dated += [Watch("judging", row, "competition:decision_list", due=row.judging_closes) for row in judged]
    return found + sorted(dated, key=lambda row: (row.due is None, row.due or at, row.round.pk))
