"""Standings as lanes: one row is one lane, the dot stands at the official rank, the cut runs through all rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.figures import num
from competition.documents.charts import svg
from competition.documents.charts.svg import (
    AXIS,
    BAND,
    GRID,
    INK,
    INK_2,
    INK_3,
    MARKS,
    RESERVE,
    RESERVE_TEXT,
    SEAL,
    dot,
    drawing,
    element,
    line,
    number,
    rect,
    text,
)

STACKED_LANE = 22  # where its lane begins in a stacked row
STATE = {"in": "", "reserve": "is-reserve", "out": "is-out"}


@dataclass(frozen=True)
class Row:
    """One cluster in a round. `rank` None: not ranked; `low`, `high`: rank interval, where one is reported; `total` and `chance` (of being
    inside the line) as text."""

    label: str
    rank: int | None
    outcome: str
    tied: bool = False
    total: str = ""
    low: int | None = None
    high: int | None = None
    chance: str = ""


def share(rank, size) -> str:
    """Where a rank stands on the course of `size` places, in per cent of its width."""
    return f"{100 * (rank - 0.5) / size:.2f}%"


def ticks(size: int, cut: int | None = None) -> list[int]:
    """At most five ranks worth a number, none so near the cut that the words would touch."""
    step = max(1, -(-size // 4))
    found = sorted({1, size, *range(step, size, step)})
    room = max(1, size // 8)
    found = [k for k in found if k in (1, size) or size - k >= room]
    return [k for k in found if cut is None or k in (1, size) or abs(k - cut - 0.5) > room]


def upright(rank, size, cls) -> SafeString:
    at = share(rank, size)
    return element("line", class_=cls, x1=at, x2=at, y1="0", y2="100%")


def lane_cell(row: Row, size: int, *, cut: int | None = None, reserve: int = 0) -> SafeString:
    """The drawing inside `td.lane`. `size`: ranked entries; `cut`: places inside the line; `reserve`: places behind it."""
    grid = [upright(k, size, "l-grid") for k in ticks(size)]
    lines = []
    if cut is not None and reserve and cut + reserve < size:
        lines.append(upright(cut + reserve + 0.5, size, "l-reserve"))
    if cut is not None and cut < size:
        lines.append(upright(cut + 0.5, size, "l-cut"))
    if row.rank is None:
        return element("svg", [element("title", _("not ranked")), *grid, *lines], role="img")
    words = _("rank %(rank)s of %(size)s") % {"rank": f"{row.rank}{'=' if row.tied else ''}", "size": size}
    marks = []
    if row.low is not None and row.high is not None:
        words = _("%(rank)s, interval %(low)s to %(high)s") % {"rank": words, "low": row.low, "high": row.high}
        ends = {"x1": share(row.low - 0.3, size), "x2": share(row.high + 0.3, size)}
        marks.append(element("line", class_="l-range", **ends, y1="50%", y2="50%"))
    marks.append(element("circle", class_="l-dot", cx=share(row.rank, size), cy="50%", r=6))
    return element("svg", [element("title", words), *grid, *lines, *marks], class_=STATE[row.outcome] or None, role="img")


def lane_head(size: int, cut: int | None = None) -> SafeString:
    """The drawing inside `th.lane`: ranks and the label of the cut. Put a `.visually-hidden` word beside it."""
    content = [element("text", str(k), class_="l-tick", x=share(k, size), y="26", text_anchor="middle") for k in ticks(size, cut)]
    if cut is not None and cut < size:
        at = share(cut + 0.5, size)
        content.append(element("text", _("cut %(places)s") % {"places": cut}, class_="l-tick cut", x=at, y="16", text_anchor="middle"))
        content.append(element("line", class_="l-cut", x1=at, x2=at, y1="22", y2="100%"))
    return element("svg", content, aria_hidden="true")


def lane_legend(*, interval: bool = False, line: bool = True) -> SafeString:
    """List items for `<ul class="legend">` above standings; `line` False where the rule draws none."""
    circle = element("circle", class_="l-dot", cx=12, cy=6, r=5)
    bar = element("line", class_="l-range", x1=2, x2=22, y1=6, y2=6)
    cut = element("line", class_="l-cut", x1=12, x2=12, y1=0, y2=12)
    if not line:
        inside = (circle, _("official rank, advances"), "")
        first = [(bar + circle, _("official rank and interval of 5 to 95 in 100"), "")] if interval else [inside]
        return svg.legend([*first, (circle, _("does not advance"), "is-out")])
    first = (
        (bar + circle, _("official rank and interval of 5 to 95 in 100"), "")
        if interval
        else (circle, _("official rank, inside the line"), "")
    )
    rest = [(circle, _("reserve"), "is-reserve"), (circle, _("outside the line"), "is-out"), (cut, _("cut"), "")]
    return svg.legend([first, *rest])


def lanes(
    rows: Sequence[Row],
    *,
    cut: int | None = None,
    reserve: int = 0,
    size: int | None = None,
    width=1000,
    height=30,
    right=110,
    stacked=False,
) -> SafeString:
    """Standings as one picture. `rows` in the order of the list, all of them or some; `size`: how many are ranked; `height` of one lane.
    Intervals and chances are drawn where rows have them. `stacked`: for a phone, the words above each lane."""
    size, left, top, words_at, lane_at = max(size or 0, len(rows), 1), 210, 36, height / 2 + 5, height / 2
    chances = any(row.chance for row in rows)
    right += 86 if chances else 0
    heads_at, at_total = top - 14, width - (96 if chances else 10)
    if stacked:
        width, height, left, right, top, heads_at, words_at, lane_at = svg.STACKED_WIDTH, svg.STACKED_HEIGHT, 8, 8, 56, 14, *svg.STACKED_AT
        at_total = width - (68 if chances else 8)
    full = top + len(rows) * height + 26

    def at(rank):
        return left + (rank - 0.5) * (width - left - right) / size

    bottom = top + len(rows) * height
    # Uprights run through all rows; where words stand above the lanes, through the lanes only.
    spans = [(top + k * height + STACKED_LANE, top + (k + 1) * height) for k in range(len(rows))] if stacked else [(top, bottom)]
    content = [rect(0, top + k * height, width, height, "c-band", BAND) for k in range(0, len(rows), 2)]
    for k in ticks(size):
        content += [line(at(k), start, at(k), end, "c-grid", GRID) for start, end in spans]
        content.append(text(at(k), full - 6, k, 12, "c-text-3 c-num", INK_3, "middle"))
    for i, row in enumerate(rows):
        y, base = top + i * height + lane_at, top + i * height + words_at
        cls, stroke, fill, edge = MARKS[row.outcome]
        inside = row.outcome == "in"
        place = num(row.rank) + ("=" if row.tied else "")
        content.append(text(34, base, place, 13, "c-text c-num", INK, "end", inside))
        content.append(text(46, base, row.label, 13.5, "c-text" if inside else "c-text-2", INK if inside else INK_2))
        if row.rank is not None:
            if row.low is not None and row.high is not None:
                content.append(line(at(row.low - 0.3), y, at(row.high + 0.3), y, cls, stroke, 9, opacity=".28"))
            content.append(dot(at(row.rank), y, 5.5, f"{cls}-fill", fill, edge, 2))
        content.append(text(at_total, base, row.total, 13.5, "c-text c-num", INK, "end", True))
        if chances:
            content.append(text(width - 8, base, row.chance or "—", 13, "c-text-2 c-num", INK_2, "end"))
    if cut is not None and cut < size:
        above = [(top - 8, top), *spans] if stacked else [(top - 8, bottom)]
        content += [line(at(cut + 0.5), start, at(cut + 0.5), end, "c-cut", SEAL, 2) for start, end in above]
        content.append(text(at(cut + 0.5), top - 14, _("cut %(places)s") % {"places": cut}, 13, "c-cut-text", SEAL, "middle", True))
    if cut is not None and reserve and cut + reserve < size:
        x = at(cut + reserve + 0.5)
        content += [line(x, start, x, end, "c-reserve", RESERVE, 1.5, "4 3") for start, end in spans]
        content.append(text(x + 6, top - 5, _("reserve"), 12, "c-reserve-text", RESERVE_TEXT))
    content.append(text(34, heads_at, _("rank"), 12, "c-text-3", INK_3, "end"))
    content.append(text(at_total, heads_at, _("total"), 12, "c-text-3", INK_3, "end"))
    if chances:
        content.append(text(width - 8, heads_at, _("P inside"), 12, "c-text-3", INK_3, "end"))
    content.append(line(left, bottom, width - right, bottom, "c-axis", AXIS))
    if any(row.low is not None for row in rows):
        desc = _(
            "One lane per cluster: the dot at its official rank, the bar its rank interval from 5 to 95 in 100; "
            "the vermilion line is the cut."
        )
        return drawing(width, full, content, _("Rank intervals"), desc)
    desc = _("One lane per cluster, the dot at its official rank; the vermilion line is the cut.")
    return drawing(width, full, content, _("Standings"), desc)


def lanes_table(rows: Sequence[Row]) -> SafeString:
    words = {"in": _("inside the line"), "reserve": _("reserve"), "out": _("outside the line")}
    bars = any(row.low is not None for row in rows)

    def cells(row):
        between = [f"{row.low}–{row.high}" if row.low is not None else None, row.chance or None] if bars else []
        return (row.label, f"{num(row.rank)}{'=' if row.tied else ''}", *between, row.total or None, words[row.outcome])

    heads = (_("interval"), _("P inside")) if bars else ()
    name = _("Rank intervals") if bars else _("Standings")
    return svg.table(name, (_("cluster"), _("rank"), *heads, _("total"), _("outcome")), [cells(row) for row in rows])


def course(here: int, left: int, top: int, state: str, *, cut: bool | None = False) -> SafeString:
    """One stage of the track, as thick as the share of the field (`here` of `top` enter, `left` go on) that still runs. `state`:
    done, now or next; `cut`: the gate behind it is a cut; None: no gate, the course ends."""
    high = 4 + 26 * here / max(top, 1)
    cls, fill = {"done": ("lane-done", MARKS["in"][1]), "now": ("lane-now", svg.MID), "next": ("lane-next", AXIS)}[state]
    bar = element("rect", class_=cls, x=0, y=number(18 - high / 2), width="100%", height=number(high), fill=fill)
    gate = ""
    if cut is not None:
        stroke = SEAL if cut else INK_3
        gate = element("line", class_="gate cut" if cut else "gate", x1="100%", x2="100%", y1=0, y2=36, stroke=stroke, stroke_width=2)
    return element("svg", [bar, gate], class_="course", aria_hidden="true")
