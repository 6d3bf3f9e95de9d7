"""What the analysis of a snapshot is computed from: the very marks that it stands on, set-based."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from competition.domain.advancement_rule import parse_rule
from competition.domain.balance import gini
from competition.domain.forms import last_years, reported
from competition.domain.groups import race_key
from competition.domain.states import IN_RACE
from competition.models import Entry, Region
from competition.selectors.rules import advancement_of
from evaluations.domain.aggregate import take_figures
from evaluations.domain.analysis import Field, field_of
from evaluations.domain.decimals import exact_text
from evaluations.domain.ratings import Ratings, ratings_of
from evaluations.domain.stages import Stages
from evaluations.domain.totals import Given
from evaluations.selectors.rubrics import Book, book_of
from evaluations.selectors.scores import cube_of, figures_of, mark_rows, racing

MACRO_REGIONS = ("east", "central", "west", "northeast")
OUTPUT = "output"  # the item of the form's table that tells how much a cluster produces


@dataclass(frozen=True)
class Source:
    """`field`: what is ranked; None where nothing is. `ratings`: every sheet of an entry in the race."""

    field: Field | None
    ratings: Ratings


def source_of(round, standings, outcomes: dict[int, str]) -> Source:
    """`outcomes`: of each entry, by the rule. A constant number of queries."""
    book, stages, tracks, races = _stages(round)
    ranked = standings.rows.exclude(rank=None).values_list("entry_id", "total", "exact").order_by("entry_id")
    rounded = book.scheme.rounding.total is not None
    totals = {str(pk): Fraction(total if rounded else exact) for pk, total, exact in ranked}
    names = list(stages.cube.entries)
    cube = stages.cube
    found = (
        field_of(book.scheme, names, cube.evaluators, stages, totals, _groups(round, totals, tracks, races, outcomes)) if totals else None
    )
    return Source(found, _ratings(stages, names))


def _stages(round) -> tuple[Book, Stages, dict[str, str], dict[str, str]]:
    """The marks as they count now; and the track and the group (`race_key`) of each entry in the race."""
    book = book_of(round)
    in_race = [entry for entry in racing(round) if entry.judged]
    ids = [entry.pk for entry in in_race]
    tracks = {str(entry.pk): entry.track for entry in in_race}
    races = {str(entry.pk): race_key(entry.track, entry.group) for entry in in_race}
    metrics = take_figures(book.scheme, figures_of(round, book, ids), tracks)
    return book, Stages(book.scheme, cube_of(book, mark_rows(round), ids), Given(metrics=metrics)), tracks, races


def ratings_now(round) -> Ratings:
    """Every submitted sheet's total while the round is judged: for the search for outliers alone, shown to nobody."""
    _book, stages, *_races = _stages(round)
    return _ratings(stages, list(stages.cube.entries))


def _groups(round, totals, tracks, races, outcomes) -> list[tuple[str | None, list[str], int, Fraction | None]]:
    """One list, or one for each track or group where the rule takes by it; no places where the rule draws no line, and the points that
    it asks for where it goes by them."""
    lists: dict[str | None, list[str]] = {}
    row = advancement_of(round)
    rule = parse_rule(row.rule) if row else None
    inside = rule.inside if rule is not None else ""
    line = rule is None or rule.draws_line
    for entry in totals:
        lists.setdefault((races if inside == "group" else tracks).get(entry, "") if inside else None, []).append(entry)
    return [
        (
            track,
            lists[track],
            line * sum(outcomes.get(int(entry)) == "advance" for entry in lists[track]),
            rule.least if rule else None,
        )
        for track in sorted(lists, key=lambda track: track or "")
    ]


def _ratings(stages: Stages, names: list[str]) -> Ratings:
    """Sheets of evaluators; where nobody marks there are none."""
    if not stages.marked_at:
        return ratings_of({})
    sheets, present = stages.sheets()
    return ratings_of(
        {
            (names[row], stages.cube.evaluator_at(row, seat)): Fraction(int(sheets.num[row, seat]), sheets.den)
            for row, seat in np.argwhere(present & stages.cube.seated).tolist()
        }
    )


def balance(round, outcomes: dict[int, str]) -> dict:
    """Entries, winners and reported output over the four macro-regions and the 31 provinces, and how evenly each is spread: the Gini
    coefficient, exact ("n/d"; None where there is nothing to spread). Joint entries count for the lead region, a city with
    its province. Three or four queries."""
    regions = {region.code: region for region in Region.objects.all()}
    provinces = [region for region in regions.values() if region.macro_region in MACRO_REGIONS and region.parent_id is None]
    racing_now = Entry.objects.filter(round=round, state__in=IN_RACE, pk__in=list(outcomes))
    entries = list(racing_now.order_by("pk").values_list("pk", "application__cluster__lead_region"))
    output = _output(round, [pk for pk, _region in entries])
    counts = {name: {"macro": Counter(), "province": Counter()} for name in ("entries", "winners", "output")}
    for pk, code in entries:
        region = _province(regions, regions[code])
        for name, value in (("entries", 1), ("winners", outcomes[pk] == "advance"), ("output", output.get(pk))):
            if value:
                counts[name]["macro"][region.macro_region] += value
                counts[name]["province"][region.code] += value
    columns = {"macro": MACRO_REGIONS, "province": tuple(region.code for region in provinces)}
    return {
        "n": {level: len(codes) for level, codes in columns.items()},
        "entries": len(entries),
        "winners": sum(outcomes[pk] == "advance" for pk, _region in entries),
        "with_output": len(output),
        "counts": {
            level: {code: {name: _text(counts[name][level][code]) for name in counts} for code in codes} for level, codes in columns.items()
        },
        "gini": {
            level: {name: _text(gini([Fraction(counts[name][level][code]) for code in codes])) for name in counts}
            for level, codes in columns.items()
        },
    }


def _text(value) -> str | None:
    return None if value is None else exact_text(Fraction(value))


def _province(regions, region):
    return region if region.parent_id is None else _province(regions, regions[region.parent_id])


def _output(round, entries: list[int]) -> dict[int, Fraction]:
    """The newest year's output as reported in the revision that is judged, of those whose form asks for it."""
    definitions = dict(round.competition.rounds.values_list("forms__pk", "forms__definition"))
    found = {}
    for pk, form_id, data in Entry.objects.filter(pk__in=entries).values_list("pk", "revision__form_id", "revision__data"):
        definition = definitions.get(form_id)
        if definition:
            value = reported(definition, data, last_years(round.competition.year, definition.get("years", 3))).get(OUTPUT)
            if value is not None and value >= 0:
                found[pk] = value
    return found
