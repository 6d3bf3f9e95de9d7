"""Bonuses and vetoes that are given once, after checking: what was found, and what nobody has looked at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Count, OuterRef, Q
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.sql import CountOf
from competition.domain.states import IN_RACE
from competition.explanations import Line, register
from competition.models import Entry, Round
from competition.permissions.secrecy import bound_to
from competition.selectors.competitions import round_of
from evaluations.domain.decimals import HUNDREDTH, plain_text
from evaluations.domain.rubric import PASSED
from evaluations.domain.totals import Given
from evaluations.models import Criterion, Finding, Rubric
from evaluations.selectors.rubrics import Book, named
from evaluations.wording import mark_words
from ledger.domain.reason import Reason

OPEN = ("open", "judging")  # states of a round in which findings change
STATES = ("unchecked", "failed", "points")


def given_once(round) -> list[Criterion]:
    """The criteria of the round that the organiser gives once, in the order of the rubric."""
    newest = Rubric.objects.filter(round=round).order_by("-version").values("pk")[:1]
    return list(Criterion.objects.filter(dimension__rubric=newest, given_by="organiser"))


def checked_entries(round):
    """Entries whose checks count: those in the race with something accepted."""
    return Entry.objects.filter(round=round, state__in=IN_RACE, revision__isnull=False)


def finding_rows(book: Book, entries: Iterable[int]) -> list[tuple[int, str, int]]:
    """What holds for these entries, ascending: entry id, criterion code, hundredths. One query where the rubric asks for any."""
    codes = {pk: code for pk, code in book.criteria.items() if code in book.given_once}
    if not codes:
        return []
    rows = Finding.objects.filter(ended_at=None, criterion__in=codes, entry__in=list(entries)).order_by()
    return sorted((entry, codes[criterion], value) for entry, criterion, value in rows.values_list("entry_id", "criterion_id", "value"))


def given(book: Book, rows: Iterable[tuple[int, str, int]], metrics) -> Given:
    """As the scoring takes it: points of bonuses, 1 or 0 for vetoes, beside the points of metrics."""
    bonuses: dict[str, dict[str, Fraction | None]] = {}
    vetoes: dict[str, dict[str, int | None]] = {}
    kinds = {rule.code: rule.kind for rule in book.scheme.criteria}
    for entry, code, value in rows:
        if kinds[code] == "veto":
            vetoes.setdefault(code, {})[str(entry)] = value // PASSED
        else:
            bonuses.setdefault(code, {})[str(entry)] = Fraction(value, HUNDREDTH)
    return Given(metrics=metrics, bonuses=bonuses, vetoes=vetoes)


def unchecked(rounds) -> Counter:
    """Round id → veto items of its entries that nobody has looked at: one query, whatever the number of rounds; none for none."""
    if not rounds:
        return Counter()
    newest = Rubric.objects.filter(round=OuterRef(OuterRef("pk"))).order_by("-version").values("pk")[:1]
    items = Criterion.objects.filter(dimension__rubric=newest, kind="veto", given_by="organiser").order_by()
    entries = Entry.objects.filter(round=OuterRef("pk"), state__in=IN_RACE, revision__isnull=False).order_by()
    looked = Finding.objects.filter(ended_at=None, criterion__kind="veto", criterion__given_by="organiser").order_by()
    looked = looked.filter(entry__round=OuterRef("pk"), entry__state__in=IN_RACE, entry__revision__isnull=False)
    counts = {
        "item_count": CountOf(items.values("pk")),
        "entry_count": CountOf(entries.values("pk")),
        "looked_at": CountOf(looked.values("pk")),
    }
    rows = Round.objects.filter(pk__in=[round.pk for round in rounds]).values_list("pk").annotate(**counts)
    return Counter({pk: items * entries - done for pk, items, entries, done in rows if items})


def told(book: Book, reasons: Iterable[Reason]) -> Reason | None:
    """What is told of an entry: the first of the reasons, an earlier round by its name; of veto items all that were not passed, each by
    its name."""
    reasons = list(reasons)
    failed = [str(reason.params["criterion"]) for reason in reasons if reason.code == "evaluations.entry_vetoed"]
    if failed:
        items = [{language: f"{code} {name}" for language, name in book.names[code].items()} for code in failed]
        return Reason("evaluations.entry_check_failed" if book.checks_only else "evaluations.entry_not_eligible", {"items": items})
    return named(reasons[0], book.rounds) if reasons else None


@dataclass
class Cell:
    """One criterion of one entry; `finding` None: not looked at."""

    criterion: Criterion
    finding: Finding | None = None

    @property
    def open(self) -> bool:
        return self.finding is None and self.criterion.kind == "veto"


@dataclass
class Row:
    """One entry; `withheld`: the viewer is bound to its cluster."""

    entry: Entry
    cells: list[Cell] = field(default_factory=list)
    withheld: bool = False


def entries_with(viewer, round, state: str = ""):
    """Entries for the page that lists them; `state`: only those with a check nobody has looked at, a failed one, or points. Under a state
    entries that the viewer is bound to are left out: that they are listed would tell."""
    rows = (
        Entry.objects.filter(round=round, state__in=IN_RACE)
        .select_related("application__cluster__lead_region", "track")
        .order_by("application__cluster__name_zh", "pk")
    )
    if state not in STATES:
        return rows
    holding = Q(findings__ended_at=None)
    if state == "unchecked":
        vetoes = sum(criterion.kind == "veto" for criterion in given_once(round))
        looked = Count("findings", filter=holding & Q(findings__criterion__kind="veto", findings__criterion__given_by="organiser"))
        rows = rows.filter(revision__isnull=False).annotate(looked=looked).filter(looked__lt=vetoes)
    elif state == "failed":
        rows = rows.filter(pk__in=Finding.objects.filter(ended_at=None, criterion__kind="veto", value=0).values("entry"))
    else:
        rows = rows.filter(pk__in=Finding.objects.filter(ended_at=None, criterion__kind="bonus").exclude(value=0).values("entry"))
    return rows.exclude(application__cluster__in=_bound(viewer, round))


def _bound(viewer, round) -> set[int]:
    return bound_to(viewer, Entry.objects.filter(round=round).order_by().values("application__cluster"))


def lines(viewer, round, entries: Iterable[Entry]) -> list[Row]:
    """One page of entries as rows: a constant number of queries."""
    entries, criteria = list(entries), given_once(round)
    bound = bound_to(viewer, [entry.application.cluster_id for entry in entries])
    holding = Finding.objects.filter(ended_at=None, entry__in=[entry.pk for entry in entries])
    found = {(row.entry_id, row.criterion_id): row for row in holding.select_related("found_by").order_by()}
    rows = []
    for entry in entries:
        withheld = entry.application.cluster_id in bound
        cells = [] if withheld else [Cell(criterion, found.get((entry.pk, criterion.pk))) for criterion in criteria]
        rows.append(Row(entry, cells, withheld))
    return rows


def holding(viewer, round):
    """What holds in the round, but for entries of clusters that the viewer is bound to."""
    rows = Finding.objects.filter(entry__round=round, ended_at=None).select_related("criterion")
    return rows.exclude(entry__application__cluster__in=_bound(viewer, round)).order_by("entry_id", "criterion__order", "pk")


def finding(pk) -> Finding:
    return Finding.objects.select_related("criterion", "entry__round__competition", "entry__application__cluster").get(pk=pk)


def entry_to_check(viewer, pk, *, action) -> Entry:
    """Http404 for strangers to its competition, NotAllowed for colleagues without `action`."""
    found = Entry.objects.filter(pk=pk).select_related("application__cluster").first()
    if found is None:
        raise Http404
    found.round = round_of(viewer, found.round_id, action="finding.list")
    require(viewer, action, found)
    return found


def finding_to_check(viewer, pk, *, action) -> Finding:
    """Likewise, of something that was found."""
    found = Finding.objects.filter(pk=pk).select_related("criterion").first()
    if found is None:
        raise Http404
    found.entry = entry_to_check(viewer, found.entry_id, action=action)
    return found


def history(entry, criterion) -> list[Finding]:
    """The newest first, ended ones too."""
    return list(Finding.objects.filter(entry=entry, criterion=criterion).select_related("found_by", "ended_by"))


@register
def outcome_lines(entries: list[Entry]) -> dict[int, list[Line]]:
    """What was given or taken off, and what was not passed, each with the organiser's reason: one query."""
    rows = Finding.objects.filter(entry__in=entries, ended_at=None).select_related("criterion__dimension")
    found: dict[int, list[Line]] = {}
    for row in sorted(rows, key=lambda row: (row.criterion.dimension.order, row.criterion.order)):
        criterion = row.criterion
        if (row.value == 0) == (criterion.kind == "veto"):
            said = mark_words(criterion.kind, plain_text(Fraction(row.value, HUNDREDTH)))
            label = _("%(code)s %(name)s: %(said)s") % {"code": criterion.code, "name": criterion, "said": said}
            found.setdefault(row.entry_id, []).append(Line(label, row.reason))
    return found


def left(viewer, round) -> list[tuple[Entry, Criterion]]:
    """Veto items that nobody has looked at and that the viewer may pass: not those of clusters that the viewer is bound to."""
    vetoes = [criterion for criterion in given_once(round) if criterion.kind == "veto"]
    if not vetoes:
        return []
    entries = checked_entries(round).exclude(application__cluster__in=_bound(viewer, round))
    entries = list(entries.select_related("application__cluster", "round").order_by("pk"))
    looked = Finding.objects.filter(entry__in=entries, ended_at=None).order_by()
    done = set(looked.values_list("entry_id", "criterion_id"))
    return [(entry, criterion) for entry in entries for criterion in vetoes if (entry.pk, criterion.pk) not in done]
