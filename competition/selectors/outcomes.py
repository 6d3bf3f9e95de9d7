"""What became of an own application: outcome with its reason, own total and values, until when and how to object."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import F
from django.http import Http404
from django.utils.translation import get_language

from accounts.permissions import require
from competition import labels
from competition.domain.states import IN_RACE
from competition.explanations import Line, explained
from competition.models import Award, Condition, Notice, Standing, Substitution
from competition.permissions.secrecy import against_own_outcome
from competition.selectors.grades import Grading
from competition.selectors.rules import rules_edition
from ledger.domain.reason import Reason


@dataclass
class Dimension:
    code: str
    name: str
    value: str


@dataclass
class OwnOutcome:
    """One round of one application. Before its release only the entry's state is there. `total` and `dimensions` are those
    of the snapshot that the released proposal stands on, shown with the digits of the total; None and empty where the entry
    was not rankable. `word` is the outcome as this round calls it; `last` is the newest round that the entry runs in.
    `computed`: some of its points come from reported figures, and there is a page that explains them."""

    entry: object
    released: bool
    last: bool = False
    word: str = ""
    reason: Reason | None = None
    grade: str = ""
    condition: Condition | None = None
    total: str | None = None
    not_ranked: Reason | None = None
    dimensions: list[Dimension] = field(default_factory=list)
    notice: Notice | None = None
    awarded: bool = False
    computed: bool = False
    explained: list[Line] = field(default_factory=list)

    @property
    def may_leave(self) -> bool:
        """Whether withdrawing means anything: the newest round, still running, not passed over and not awarded."""
        entry = self.entry
        return self.last and not self.awarded and entry.state in IN_RACE and entry.outcome in (None, "advance", "reserve")


def own_outcomes(viewer, application) -> list[OwnOutcome]:
    """By round, the newest first. Goes through the one function of secrecy for each."""
    entries = list(application.entries.select_related("round__competition", "track", "condition").order_by("-round__order"))
    for entry in entries:
        entry.application = application
    open_ones = [entry for entry in entries if against_own_outcome(viewer, entry) is None]
    rows = {
        row.entry_id: row
        for row in Standing.objects.filter(entry__in=open_ones, standings__proposals__state="released")
        .annotate(rule=F("standings__proposals__rule__rule"))
        .select_related("standings")
        .order_by("standings__number")
    }
    notices = {
        notice.proposal.round_id: notice
        for notice in Notice.objects.filter(proposal__round__in=[entry.round_id for entry in open_ones], state="published").select_related(
            "proposal"
        )
    }
    names = _dimension_names(application.competition) if rows else {}
    found = [
        _own(entry, rows.get(entry.pk), notices.get(entry.round_id), names) if entry in open_ones else OwnOutcome(entry, False)
        for entry in entries
    ]
    final = application.competition.rounds.order_by("-order").values_list("order", flat=True).first() if entries else None
    awarded = Award.objects.filter(entry__application=application).exclude(state="revoked").exists()
    said = explained(open_ones)
    for own in found:
        own.explained = said.get(own.entry.pk, [])
        words = labels.LAST_OUTCOMES if own.entry.round.order == final else labels.OUTCOMES
        words = labels.CHECK_OUTCOMES if own.entry.round.checks_only else words
        if awarded and own.entry.round.order == final:
            words = words | {"advance": labels.AWARDED}
        own.awarded = awarded
        own.last, own.word = own is found[0], words.get(own.entry.outcome, "") if own.released else ""
    return found


def _own(entry, row, notice, names) -> OwnOutcome:
    found = OwnOutcome(entry, True, notice=notice, condition=getattr(entry, "condition", None))
    if entry.outcome_reason:
        found.reason = Reason.from_json(entry.outcome_reason)
    if row is not None:
        found.total = None if entry.round.checks_only else row.total
        found.grade = Grading(row.rule, row.standings.method).word(row)
        found.computed = bool(row.panel) and any(rule["kind"] == "metric" for rule in row.standings.method.get("criteria", ()))
        why = Reason.from_json(row.reason) if row.reason else None
        found.not_ranked = None if why == found.reason else why
        round_names = names.get(entry.round.order, {})
        found.dimensions = [Dimension(code, round_names.get(code, code), _like(value, row.total)) for code, value in row.dimensions.items()]
    return found


def _like(value: str | None, total: str | None) -> str | None:
    """A decimal text with the digits of another, half up: what is shown, the snapshot keeps it whole."""
    if value is None or total is None:
        return value
    digits = len(total.partition(".")[2])
    return str(Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def own_awards(viewer, application) -> list[Award]:
    """Titles given for it, revoked ones too, for the applicant: they exist once their round is released and publicity over."""
    awards = Award.objects.filter(entry__application=application).select_related(
        "entry__round__competition", "entry__application", "entry__condition"
    )
    return [award for award in awards.order_by("given_at", "title") if against_own_outcome(viewer, award.entry) is None]


def _dimension_names(competition) -> dict[int, dict[str, str]]:
    """Round order → code → name, as the published rules say."""
    edition = rules_edition(competition)
    if edition is None:
        return {}
    name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
    return {
        round["order"]: {row["code"]: row.get(name) or row["code"] for row in round.get("rubric") or []}
        for round in edition.content.get("rounds", [])
    }


def open_offers(application):
    """Places offered to it that wait for an answer."""
    return Substitution.objects.filter(reserve__application=application, answered_at=None).select_related(
        "reserve__round", "reserve__application", "freed"
    )


def offer(viewer, pk, competition_pk) -> Substitution:
    """Http404 for whoever is neither its applicant nor staff of the competition."""
    from competition.selectors.applications import application

    found = (
        Substitution.objects.filter(pk=pk, reserve__round__competition=competition_pk)
        .select_related("reserve__round__competition", "reserve__application", "freed")
        .first()
    )
    if found is None:
        raise Http404
    application(viewer, found.reserve.application_id)
    require(viewer, "entry.answer_offer", found.reserve)
    return found
