"""What stands beside an official result: how strict evaluators are, how their marks are spread, how regions share. Analysis, no rank."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.figures import num, signed
from competition.documents.charts import svg
from competition.documents.charts.svg import (
    AXIS,
    BAND,
    GRID,
    IN,
    INK,
    INK_2,
    INK_3,
    MID,
    PAPER,
    SEQUENCE,
    SOFT,
    dot,
    drawing,
    line,
    rect,
    text,
)

MOST_TICKS = 6


@dataclass(frozen=True)
class Judge:
    """One evaluator. `severity` and `se` in points (None: not to be told); `five`: least, quartiles and highest of the own scores."""

    label: str
    severity: float | None = None
    se: float | None = None
    five: tuple[float, float, float, float, float] | None = None
    scores: int = 0


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from below `low` to above `high`, at most seven."""
    span = max(high - low, 1e-9)
    step = next(step for power in range(-6, 9) for step in (10.0**power, 2 * 10.0**power, 5 * 10.0**power) if span / step <= MOST_TICKS - 1)
    first, last = int(low // step), int(-(-high // step))
    return [round(k * step, 9) for k in range(first, last + 1)]


def _digits(marks: Sequence[float]) -> int:
    return 0 if all(float(mark).is_integer() for mark in marks) else 1 if all(round(mark * 10, 6).is_integer() for mark in marks) else 2


def _room(judges: Sequence[Judge]) -> int:
    """For the labels: codes are short, names beside them are not."""
    return 96 if all(len(judge.label) <= 9 for judge in judges) else 190


def _course(rows: int, marks: Sequence[float], words, *, width, height, left, right):
    """Bands, grid and axis; gives (elements, place of a value, whole height)."""
    top = 12
    bottom = top + rows * height
    span = marks[-1] - marks[0] or 1

    def at(value):
        return left + (value - marks[0]) * (width - left - right) / span

    content = [rect(0, top + k * height, width, height, "c-band", BAND) for k in range(0, rows, 2)]
    for mark in marks:
        content.append(line(at(mark), top, at(mark), bottom, "c-grid", GRID))
        content.append(text(at(mark), bottom + 18, words(mark), 12, "c-text-3 c-num", INK_3, "middle"))
    content.append(line(left, bottom, width - right, bottom, "c-axis", AXIS))
    return content, at, bottom + 26


def severities(judges: Sequence[Judge], *, width=680, height=28, right=130, stacked=False) -> SafeString:
    """A lane per evaluator: the dot at its severity, the bar two standard errors to either side, the upright at 0. `stacked`: for a
    phone, the words above each lane."""
    left, words_at, lane_at = _room(judges), height / 2 + 5, height / 2
    if stacked:
        width, height, left, right, words_at, lane_at = svg.STACKED_WIDTH, svg.STACKED_HEIGHT, 10, 10, *svg.STACKED_AT
    known = [judge for judge in judges if judge.severity is not None]
    ends = [judge.severity + side * 2 * (judge.se or 0) for judge in known for side in (-1, 1)]
    marks = ticks(min([0.0, *ends]), max([0.0, *ends]))
    digits = _digits(marks)
    content, at, full = _course(len(judges), marks, lambda mark: signed(mark, digits), width=width, height=height, left=left, right=right)
    content.append(line(at(0), 12, at(0), 12 + len(judges) * height, "c-mid-line", MID, 1.5))
    for place, judge in enumerate(judges):
        y, base = 12 + place * height + lane_at, 12 + place * height + words_at
        content.append(text(10, base, judge.label, 13.5, "c-text", INK))
        if judge.severity is None:
            content.append(text(width - 10, base, "—", 13, "c-text-3", INK_3, "end"))
            continue
        if judge.se is not None:
            content.append(line(at(judge.severity - 2 * judge.se), y, at(judge.severity + 2 * judge.se), y, "c-in", IN, 8, opacity=".28"))
        content.append(dot(at(judge.severity), y, 5.5, "c-in-fill", IN, PAPER, 2))
        words = signed(judge.severity, 2) + ("" if judge.se is None else f" ± {num(judge.se, 2)}")
        content.append(text(width - 10, base, words, 13, "c-text-2 c-num", INK_2, "end"))
    desc = _(
        "One lane per evaluator: the dot is the severity in points, above 0 more generous, below 0 stricter than the others; "
        "the bar is two standard errors to either side."
    )
    return drawing(width, full, content, _("Severity of the evaluators"), desc)


def severities_table(judges: Sequence[Judge]) -> SafeString:
    rows = [
        (
            judge.label,
            judge.scores,
            *(None if value is None else show(value, 2) for value, show in ((judge.severity, signed), (judge.se, num))),
        )
        for judge in judges
    ]
    heads = (_("evaluator"), _("sheets"), _("severity"), _("standard error"))
    return svg.table(_("Severity of the evaluators"), heads, rows)


def spreads(judges: Sequence[Judge], *, width=680, height=28, right=70, stacked=False) -> SafeString:
    """A lane per evaluator: the line from the least to the highest total, the box between the quartiles, the upright at the median.
    `stacked`: for a phone, the words above each lane."""
    left, words_at, lane_at = _room(judges), height / 2 + 5, height / 2
    if stacked:
        width, height, left, right, words_at, lane_at = svg.STACKED_WIDTH, svg.STACKED_HEIGHT, 10, 10, *svg.STACKED_AT
    drawn = [judge for judge in judges if judge.five is not None]
    marks = ticks(min((judge.five[0] for judge in drawn), default=0), max((judge.five[4] for judge in drawn), default=1))
    digits = _digits(marks)
    content, at, full = _course(len(drawn), marks, lambda mark: num(mark, digits), width=width, height=height, left=left, right=right)
    for place, judge in enumerate(drawn):
        y, base = 12 + place * height + lane_at, 12 + place * height + words_at
        least, lower, middle, upper, highest = judge.five
        content.append(text(10, base, judge.label, 13.5, "c-text", INK))
        content.append(line(at(least), y, at(highest), y, "c-mid-line", MID, 1.5))
        for end in (least, highest):
            content.append(line(at(end), y - 4, at(end), y + 4, "c-mid-line", MID, 1.5))
        content.append(rect(at(lower), y - 7, at(upper) - at(lower), 14, "c-soft c-edge", SOFT, 2, stroke=MID, stroke_width=1.5))
        content.append(line(at(middle), y - 8, at(middle), y + 8, "c-in", IN, 3))
        content.append(text(width - 10, base, _("n = %(n)s") % {"n": judge.scores}, 12, "c-text-3 c-num", INK_3, "end"))
    desc = _(
        "One lane per evaluator, over the totals of the own sheets: the line from the lowest to the highest, the box between the "
        "quartiles, the bar at the median."
    )
    return drawing(width, full, content, _("How each evaluator's totals are spread"), desc)


def spreads_table(judges: Sequence[Judge]) -> SafeString:
    heads = (_("evaluator"), _("sheets"), _("lowest"), _("lower quartile"), _("median"), _("upper quartile"), _("highest"))
    rows = [(judge.label, judge.scores, *(num(value, 2) for value in judge.five)) for judge in judges if judge.five is not None]
    return svg.table(_("How each evaluator's totals are spread"), heads, rows)


SHADES = (("q1", SEQUENCE[1]), ("c-in-fill", IN), ("c-mid", MID))


def shares(groups: Sequence[tuple[str, Sequence[float | None], Sequence[str]]], *, width=460, height=24, left=84) -> SafeString:
    """For each group a bar per series, as shares of the whole (0…1; None: there is nothing to share), and the words behind each bar."""
    highest = max((share for _name, values, _words in groups for share in values if share), default=1) or 1
    content, y = [], 6.0
    for name, values, words in groups:
        content.append(text(0, y + height * len(values) / 2 + 5, name, 14, "c-text", INK))
        for place, share in enumerate(values):
            cls, fill = SHADES[place]
            long = (width - left - 130) * (share or 0) / highest
            content.append(rect(left, y + 3, long, height - 6, cls, fill, 2))
            content.append(text(left + long + 8, y + height / 2 + 5, words[place], 13, "c-text-2 c-num", INK_2))
            y += height
        y += 12
    desc = "; ".join(f"{name} {', '.join(words)}" for name, _values, words in groups)
    return drawing(width, y, content, _("Shares of the regions"), desc)


def shares_legend(names: Sequence[str]) -> SafeString:
    return svg.legend([(rect(2, 1, 20, 10, *SHADES[place], 2), name, "") for place, name in enumerate(names)])
