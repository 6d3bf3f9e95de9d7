"""Why an entry of a snapshot stands where it stands: computed anew from its locked sheets, and held against the snapshot.

Who may read is decided before. A fixed number of queries, whatever the number of entries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from competition.models import Standing, Standings
from evaluations.domain.aggregate import take_figures
from evaluations.domain.decimals import exact_text, fraction_text
from evaluations.domain.explainer import explain, rung_values
from evaluations.domain.explanation import Explanation, Inputs
from evaluations.domain.metric_steps import MetricSteps, metric_steps
from evaluations.domain.scheme import Scheme
from evaluations.domain.tie_steps import TieSteps, tie_steps
from evaluations.domain.totals import SHOWN_DIGITS, Given, Score
from evaluations.models import Mark
from evaluations.selectors.findings import finding_rows, given, told
from evaluations.selectors.rubrics import Book, book_of, named
from evaluations.selectors.scores import COUNTED, carried_of, figures_of
from ledger.domain.reason import Reason


@dataclass(frozen=True)
class Fault:
    """Snapshot and locked sheets do not agree: `what` ("total", "rank", …), as the snapshot has it and as computed anew."""

    what: str
    snapshot: str
    anew: str


@dataclass(frozen=True)
class Why:
    """`steps` is None for an entry that was not judged in this snapshot (it had left, or brought nothing in); `ties` for one
    without a rank. With `faults` none of it may be shown as an explanation."""

    row: Standing
    steps: Explanation | None = None
    ties: TieSteps | None = None
    metrics: dict[str, MetricSteps] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def whys(snapshot: Standings, entries: Iterable[int], *, book: Book | None = None) -> dict[int, Why]:
    """By entry. `entries` outside the snapshot are left out."""
    round = snapshot.round
    book = book or book_of(round)
    scheme = book.scheme
    rows = {row.entry_id: row for row in snapshot.rows.select_related("entry__track")}
    wanted = [pk for pk in entries if pk in rows]
    judged = [pk for pk, row in rows.items() if row.panel]
    equals = _equals(scheme, rows)
    needed = {other for pk in wanted for other in (equals.get(_key(scheme, rows[pk]), ()) or (pk,))} & set(judged)
    group = judged if scheme.in_groups else [pk for pk in judged if pk in needed]
    figures = figures_of(round, book, group)
    tracks = {str(pk): rows[pk].entry.track.code if rows[pk].entry.track else "" for pk in group}
    points = take_figures(scheme, figures, tracks)
    carried = carried_of(round, scheme, [rows[pk].entry for pk in needed])
    sheets = _sheets(needed)
    once = given(book, finding_rows(book, needed), points)
    steps = {pk: explain(scheme, _inputs(str(pk), sheets[pk], once, carried)) for pk in sorted(needed)}
    scores = {pk: Score(str(pk), found.total and found.total.value, rung_values(scheme, found)) for pk, found in steps.items()}
    better = _better(scheme, rows)
    found = {}
    for pk in wanted:
        row = rows[pk]
        if pk not in steps:
            found[pk] = Why(row)
            continue
        ties = None
        if row.rank is not None:
            key = _key(scheme, row)
            ties = tie_steps(str(pk), [scores[other] for other in equals[key]], scheme.ties, seed=round.seed, better=better[key])
        metrics = _metrics(scheme, pk, figures, tracks)
        faults = _faults(snapshot, book, row, steps[pk], ties)
        said = replace(steps[pk], reasons=tuple(named(reason, book.rounds) for reason in steps[pk].reasons))
        found[pk] = Why(row, said, ties, metrics, faults)
    return found


def _key(scheme: Scheme, row: Standing) -> str | None:
    """What ranking compares: the official total; where nothing rounds it, the exact one."""
    return row.exact if scheme.rounding.total is None else row.total


def _equals(scheme, rows) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for pk, row in rows.items():
        if row.rank is not None:
            found[_key(scheme, row)].append(pk)
    return found


def _better(scheme, rows) -> dict[str, int]:
    """Total → how many ranked entries have a higher one."""
    ranked = Counter(_key(scheme, row) for row in rows.values() if row.rank is not None)
    above, found = 0, {}
    for key in sorted(ranked, key=Fraction, reverse=True):
        found[key] = above
        above += ranked[key]
    return found


def _sheets(entries: Iterable[int]) -> dict[int, dict[str, dict[str, int | None]]]:
    """Entry → evaluator's code → criterion → hundredths, None for an abstention; of sheets that count, of entries that have left
    since, too: the snapshot counted them. One query."""
    rows = Mark.objects.filter(
        sheet__state__in=COUNTED, sheet__assignment__state="confirmed", sheet__assignment__entry__in=list(entries)
    ).values_list("sheet__assignment__entry_id", "sheet__assignment__evaluator__code", "criterion__code", "value")
    found: dict[int, dict[str, dict[str, int | None]]] = defaultdict(lambda: defaultdict(dict))
    for entry, evaluator, criterion, value in rows:
        found[entry][evaluator][criterion] = value
    return found


def _inputs(entry: str, sheets, once: Given, carried) -> Inputs:
    metrics, bonuses, vetoes = (
        {code: values.get(entry) for code, values in found.items()} for found in (once.metrics, once.bonuses, once.vetoes)
    )
    return Inputs(entry, sheets, metrics, bonuses, vetoes, carried.get(entry, {}))


def _metrics(scheme, pk, figures, tracks) -> dict[str, MetricSteps]:
    found = {}
    for rule in scheme.criteria:
        if rule.kind == "metric":
            known = figures.get(rule.code, {})
            group = [known[other] for other, track in tracks.items() if track == tracks[str(pk)] and known.get(other) is not None]
            found[rule.code] = metric_steps(rule, known.get(str(pk)), group if rule.in_group else ())
    return found


def _faults(snapshot, book, row, steps, ties) -> tuple[Fault, ...]:
    scheme = book.scheme
    digits = SHOWN_DIGITS if scheme.rounding.total is None else scheme.rounding.total
    panel = SHOWN_DIGITS if scheme.rounding.panel is None else scheme.rounding.panel
    pairs = [
        ("scheme", snapshot.scheme_digest, scheme.digest),
        ("total", row.total, steps.total and fraction_text(steps.total.value, digits)),
        ("exact", row.exact, steps.total and exact_text(steps.total.exact)),
        ("panel", row.panel.get("size"), steps.size),
        ("reason", row.reason and Reason.from_json(row.reason), told(book, steps.reasons)),
        ("flags", list(row.flags), list(steps.flags)),
        ("dropped", sorted(map(str, map(list, row.panel.get("dropped", [])))), sorted(map(str, map(list, steps.dropped)))),
    ]
    pairs += [
        (found.rule.code, row.criteria.get(found.rule.code), found.value and fraction_text(found.value.value, panel))
        for found in steps.criteria
    ]
    pairs += [
        (found.code, row.dimensions.get(found.code), None if found.value is None else fraction_text(found.value, SHOWN_DIGITS))
        for found in steps.dimensions
    ]
    if ties is not None:
        pairs += [
            ("rank", row.rank, ties.rank),
            ("tie", row.tie_broken_by, ties.broken_by or ""),
            ("tied", sorted(map(str, row.tied_with)), sorted(ties.shares)),
        ]
    return tuple(Fault(what, str(before), str(now)) for what, before, now in pairs if before != now)
