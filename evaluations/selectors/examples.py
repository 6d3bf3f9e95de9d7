"""What a scheme makes of example sheets; it reads no round's marks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from evaluations.domain.examples import SEED, example_sheets
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.domain.showing import Course, courses
from evaluations.selectors.rubrics import named, round_names, scheme_faults, whole_scheme
from evaluations.wording import rung_words
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say


@dataclass(frozen=True)
class Shown:
    """`faults`: why nothing can be computed, as reasons; `courses` best first; `moved`: how many have another rank or outcome under the
    saved scheme, None without one that can be computed. `rungs`: words of the rungs that broke a tie, by rung."""

    faults: list[Reason]
    courses: list[Course]
    seats: int = 0
    moved: int | None = None
    rungs: dict[str, str] | None = None

    @property
    def said(self) -> str:
        """One sentence for those who hear the page."""
        if self.faults:
            return _("The example sheets cannot be computed: %(why)s") % {"why": " ".join(say(reason) for reason in self.faults)}
        ranked = [course for course in self.courses if course.place.rank is not None]
        if not ranked:
            return _("None of the %(all)s example entries is ranked.") % {"all": len(self.courses)}
        best = {"entry": ranked[0].entry, "total": ranked[0].total_text, "ranked": len(ranked), "all": len(self.courses)}
        return _("Example entry %(entry)s leads with %(total)s; %(ranked)s of %(all)s are ranked.") % best


def examples_of(
    definition: dict, dimensions: list[dict], *, seats: int, saved: dict | None, language: str, carried: Iterable = ()
) -> Shown:
    """`definition` as typed, `saved` as stored; `carried`: the rounds that it carries in."""
    faults = scheme_faults(definition, dimensions)
    if faults:
        return Shown(faults, [])
    try:
        found = _courses(definition, dimensions, seats)
    except Refused as refused:
        return Shown(list(refused.reasons), [])
    used = {course.place.tie_broken_by for course in found} - {None}
    return Shown(
        [],
        [_said(course, round_names(carried), language) for course in found],
        max((len(line.cells) for course in found for line in course.lines), default=0),
        _moved(found, saved, dimensions, seats),
        {rung: rung_words(rung, dimensions, language) for rung in used},
    )


def _courses(definition, dimensions, seats) -> list[Course]:
    scheme = parse_scheme(whole_scheme(definition, dimensions))
    return courses(scheme, example_sheets(scheme, seats=seats), seed=SEED)


def _said(course: Course, rounds: dict[str, dict[str, str]], language: str) -> Course:
    """Its earlier rounds by their names."""
    here = "en" if language.startswith("en") else "zh"
    earlier = tuple((rounds[code][here] if code in rounds else code, total) for code, total in course.earlier)
    reasons = tuple(named(reason, rounds) for reason in course.total.reasons)
    return replace(course, earlier=earlier, total=replace(course.total, reasons=reasons))


def _moved(found, saved, dimensions, seats) -> int | None:
    if saved is None:
        return None
    try:
        before = {course.entry: course.place.rank for course in _courses(saved, dimensions, seats)}
    except Refused:
        return None
    return sum(before[course.entry] != course.place.rank for course in found)
