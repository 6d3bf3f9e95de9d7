"""The marks of a round as arrays, and the figures its metrics read: set-based, a fixed number of queries."""

import hashlib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from django.db.models import BigIntegerField, Case, When
from django.db.models.functions import Cast, Coalesce

from competition.domain.forms import last_years, reported
from competition.domain.states import IN_RACE
from competition.models import Entry, Standings
from evaluations.domain.cube import Cube, build_cube, distinct
from evaluations.domain.scheme import Scheme
from evaluations.models import Evaluator, Mark
from evaluations.selectors.columns import integers
from evaluations.selectors.rubrics import Book
from ledger.domain import canonical

COUNTED = ("submitted", "locked")


class Racer(NamedTuple):
    """What the scoring needs of an entry; `track` is its code, "" where it has none."""

    pk: int
    state: str
    revision_id: int | None
    application_id: int
    track: str
    group: int | None = None

    @property
    def judged(self) -> bool:
        return self.state in IN_RACE and self.revision_id is not None


def racing(round) -> list[Racer]:
    """Entries of a round, withdrawn and disqualified ones too, by id."""
    rows = Entry.objects.filter(round=round).order_by("pk")
    names = ("pk", "state", "revision_id", "application_id", "track__code", "group")
    return [Racer(*row, track or "", group) for *row, track, group in rows.values_list(*names)]


def rows_in(entries: Iterable[Racer]) -> list[list]:
    """What a digest holds of the entries: who races and in which track, and in which group where there are groups."""
    return [[entry.pk, entry.state, entry.revision_id, entry.track, *(() if entry.group is None else (entry.group,))] for entry in entries]


def mark_rows(round, entries: Iterable[int] | None = None) -> np.ndarray:
    """Counted marks of entries in the race, one row each: entry id, evaluator id, criterion id, hundredths (0 for an
    abstention), abstained. One query."""
    rows = Mark.objects.filter(
        sheet__state__in=COUNTED,
        sheet__assignment__state="confirmed",
        sheet__assignment__entry__round=round,
        sheet__assignment__entry__state__in=IN_RACE,
    )
    if entries is not None:
        rows = rows.filter(sheet__assignment__entry__in=list(entries))
    names = ("sheet__assignment__entry_id", "sheet__assignment__evaluator_id", "criterion_id")
    rows = rows.values_list(
        *(Cast(name, BigIntegerField()) for name in names),
        Cast(Coalesce("value", 0), BigIntegerField()),
        Cast(Case(When(abstained=True, then=1), default=0), BigIntegerField()),
    )
    return integers(rows, 5)


def codes_of(rows: np.ndarray) -> dict[int, str]:
    """{evaluator id: code} of those who marked. One query."""
    return dict(Evaluator.objects.filter(pk__in=distinct(rows[:, 1])[0].tolist()).values_list("pk", "code"))


def cube_of(book: Book, rows: np.ndarray, entries: list[int], codes: Mapping[int, str] | None = None) -> Cube:
    """The rows as a cube over `entries` (ascending); names are entry ids as text and evaluators' codes, asked for where they are not
    at hand."""
    position = book.scheme.position
    evaluator_ids, evaluator = distinct(rows[:, 1])
    codes = codes_of(rows) if codes is None else codes
    criterion_ids, criterion = distinct(rows[:, 2])
    places = np.array([position[book.criteria[pk]] for pk in criterion_ids.tolist()], dtype=np.int64)
    return build_cube(
        book.scheme,
        [str(pk) for pk in entries],
        [codes[pk] for pk in evaluator_ids.tolist()],
        entry=np.searchsorted(np.array(entries, dtype=np.int64), rows[:, 0]),
        evaluator=evaluator,
        criterion=places[criterion] if len(rows) else criterion,
        value=rows[:, 3],
        abstained=rows[:, 4].astype(bool),
    )


def figures_of(round, book: Book, entries: Iterable[int]) -> dict[str, dict[str, Fraction | None]]:
    """{criterion: {entry: figure}} of the metrics, from the revision each entry is judged by. Two queries where there are any."""
    found: dict[str, dict[str, Fraction | None]] = {code: {} for code in sorted(book.items)}
    if not found:
        return found
    year = round.competition.year
    rows = Entry.objects.filter(pk__in=list(entries)).values_list("pk", "revision__form_id", "revision__data").order_by("pk")
    definitions: Mapping[int, dict] = dict(round.competition.rounds.values_list("forms__pk", "forms__definition"))
    for pk, form_id, data in rows:
        definition = definitions[form_id]
        values = reported(definition, data, last_years(year, definition.get("years", 3)))
        for code in found:
            found[code][str(pk)] = values.get(book.items[code])
    return found


def earlier_snapshots(round, scheme: Scheme) -> dict[str, Standings]:
    """{round: the snapshot it was released with} of the rounds that the scheme carries in; absent where there is none. One query for
    each such round."""
    found = {}
    for carry in scheme.carry:
        rows = Standings.objects.filter(
            round__competition=round.competition_id, round__code=carry.round, round__order__lt=round.order, round__state="released"
        )
        if snapshot := rows.order_by("-number").first():
            found[carry.round] = snapshot
    return found


def carried_digest(snapshots: Mapping[str, Standings]) -> str:
    """SHA-256 of what the earlier totals hang on; "" where nothing is carried in."""
    digests = {code: [snapshot.number, snapshot.input_digest] for code, snapshot in snapshots.items()}
    return hashlib.sha256(canonical.encode(digests)).hexdigest() if digests else ""


def carried_of(
    round, scheme: Scheme, entries: Iterable[Racer], *, snapshots: Mapping[str, Standings] | None = None
) -> dict[str, dict[str, Fraction]]:
    """{entry: {round: official total}} of the earlier rounds that the scheme carries in, from the snapshot each was released
    with (`snapshots`, where they are at hand); absent where an entry has none there. One query more for each of them."""
    found: dict[str, dict[str, Fraction]] = {}
    by_application = {entry.application_id: str(entry.pk) for entry in entries} if scheme.carry else {}
    for code, snapshot in (earlier_snapshots(round, scheme) if snapshots is None else snapshots).items():
        whole = (snapshot.method.get("rounding") or {}).get("total") is None  # the official total is the exact one
        rows = snapshot.rows.filter(entry__application__in=by_application).exclude(total=None).order_by()
        for application, total, exact in rows.values_list("entry__application_id", "total", "exact"):
            value = Fraction(exact) if whole and exact else Fraction(total)
            found.setdefault(by_application[application], {})[code] = value
    return found


def input_digest(scheme: Scheme, rows: np.ndarray, figures, entries: list[Racer], seed: str, carried=None, findings=()) -> str:
    """SHA-256 of everything a ranking hangs on: scheme, seed, marks, figures, earlier totals, findings (entry id, criterion code,
    hundredths; ascending), which entries race, in which track and group."""
    ordered = rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]
    content = {
        "scheme": scheme.digest,
        "seed": seed,
        "marks": hashlib.sha256(np.ascontiguousarray(ordered, dtype="<i8").tobytes()).hexdigest(),
        "figures": {
            code: {entry: str(value) if value is not None else None for entry, value in row.items()} for code, row in figures.items()
        },
        "entries": rows_in(entries),
    }
    if carried:
        content["carried"] = {entry: {code: str(value) for code, value in row.items()} for entry, row in carried.items()}
    if findings:
        content["findings"] = [list(row) for row in findings]
    return hashlib.sha256(canonical.encode(content)).hexdigest()
