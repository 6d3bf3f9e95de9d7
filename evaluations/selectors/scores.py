"""The marks of a round as arrays, and the figures its metrics read: set-based, a fixed number of queries."""

import hashlib
from collections.abc import Iterable, Mapping
from fractions import Fraction

import numpy as np

from competition.domain.forms import last_years, reported
from competition.models import Entry
from evaluations.domain.cube import Cube, build_cube
from evaluations.domain.scheme import Scheme
from evaluations.models import Criterion, Evaluator, Mark
from ledger.domain import canonical

COUNTED = ("submitted", "locked")
IN_RACE = ("running", "suspended")


def racing(round) -> list[Entry]:
    """Entries of a round that have something to judge, withdrawn and disqualified ones too, by id."""
    return list(
        Entry.objects.filter(round=round, revision__isnull=False)
        .select_related("track")
        .only("pk", "state", "revision_id", "round_id", "application_id", "track__code")
        .order_by("pk")
    )


def mark_rows(round, entries: Iterable[int] | None = None) -> np.ndarray:
    """Counted marks of entries in the race, one row each: entry id, evaluator id, criterion id, hundredths (0 for an
    abstention), abstained."""
    rows = Mark.objects.filter(
        sheet__state__in=COUNTED,
        sheet__assignment__state="confirmed",
        sheet__assignment__entry__round=round,
        sheet__assignment__entry__state__in=IN_RACE,
    ).values_list("sheet__assignment__entry_id", "sheet__assignment__evaluator_id", "criterion_id", "value", "abstained")
    if entries is not None:
        rows = rows.filter(sheet__assignment__entry__in=list(entries))
    flat = np.fromiter((number or 0 for row in rows.iterator(chunk_size=20_000) for number in row), dtype=np.int64)
    return flat.reshape(-1, 5)


def cube_of(scheme: Scheme, rubric, rows: np.ndarray, entries: list[int]) -> Cube:
    """The rows as a cube over `entries`; names are entry ids as text and evaluators' codes."""
    position = scheme.position
    criteria = dict(Criterion.objects.filter(dimension__rubric=rubric).values_list("pk", "code"))
    evaluator_ids, evaluator = np.unique(rows[:, 1], return_inverse=True)
    codes = dict(Evaluator.objects.filter(pk__in=[int(pk) for pk in evaluator_ids]).values_list("pk", "code"))
    criterion_ids, criterion = np.unique(rows[:, 2], return_inverse=True)
    places = np.array([position[criteria[int(pk)]] for pk in criterion_ids], dtype=np.int64)
    return build_cube(
        scheme,
        [str(pk) for pk in entries],
        [codes[int(pk)] for pk in evaluator_ids],
        entry=np.searchsorted(np.array(entries, dtype=np.int64), rows[:, 0]),
        evaluator=evaluator.reshape(-1),
        criterion=places[criterion.reshape(-1)] if len(rows) else criterion,
        value=rows[:, 3],
        abstained=rows[:, 4].astype(bool),
    )


def figures_of(round, rubric, entries: Iterable[int]) -> dict[str, dict[str, Fraction | None]]:
    """{criterion: {entry: figure}} of the metrics, from the revision each entry is judged by."""
    items = dict(Criterion.objects.filter(dimension__rubric=rubric, kind="metric").values_list("code", "data_item").order_by("code"))
    found: dict[str, dict[str, Fraction | None]] = {code: {} for code in items}
    if not items:
        return found
    year = round.competition.year
    rows = Entry.objects.filter(pk__in=list(entries)).values_list("pk", "revision__form_id", "revision__data").order_by("pk")
    definitions: Mapping[int, dict] = dict(round.competition.rounds.values_list("forms__pk", "forms__definition"))
    for pk, form_id, data in rows:
        definition = definitions[form_id]
        values = reported(definition, data, last_years(year, definition.get("years", 3)))
        for code, item in items.items():
            found[code][str(pk)] = values.get(item)
    return found


def input_digest(scheme: Scheme, rows: np.ndarray, figures, entries: list[Entry], seed: str) -> str:
    """SHA-256 of everything a ranking hangs on: scheme, seed, marks, figures, which entries race and in which track."""
    ordered = rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]
    content = {
        "scheme": scheme.digest,
        "seed": seed,
        "marks": hashlib.sha256(np.ascontiguousarray(ordered, dtype="<i8").tobytes()).hexdigest(),
        "figures": {
            code: {entry: str(value) if value is not None else None for entry, value in row.items()} for code, row in figures.items()
        },
        "entries": [[entry.pk, entry.state, entry.revision_id, entry.track.code if entry.track else ""] for entry in entries],
    }
    return hashlib.sha256(canonical.encode(content)).hexdigest()
