"""The race: x are the rounds, y is the rank, one line per cluster; lanes close behind the cut."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from competition.documents.charts import svg
from competition.documents.charts.svg import (
    AXIS,
    BAND,
    INK,
    INK_2,
    INK_3,
    MARKS,
    OUT,
    PAPER,
    RESERVE_TEXT,
    SEAL,
    dot,
    drawing,
    group,
    line,
    path,
    rect,
    room,
    text,
)

FLAG, MOST_ROOM = 82, 182  # of the cut's flag at the right edge; for a label beside its lane


@dataclass(frozen=True)
class Lane:
    """A cluster's way. `label`: short, from the data; `ranks`: one per round in which it was ranked, in a row; `joined`: how many
    rounds went by before; `outcome`: after its last round; `tied`: shares its last rank; `key` chooses it."""

    key: str
    label: str
    name: str
    ranks: tuple[int, ...]
    outcome: str
    tied: bool = False
    joined: int = 0

    @property
    def reached(self) -> int:
        """The column behind its last rank."""
        return self.joined + len(self.ranks)


@dataclass(frozen=True)
class Stage:
    """A round as a column. `note` stands under its name (51 → 24); `cut`: how many went on, None: no line is drawn."""

    name: str
    note: str = ""
    cut: int | None = None


def ladder(lanes: Sequence[Lane], stages: int) -> dict[tuple[str, int], int]:
    """The step of each lane in each column: its rank, and for shared ranks the next free step, so that no dot hides another."""
    steps = {}
    for column in range(stages):
        taken: set[int] = set()
        here = (lane for lane in lanes if lane.joined <= column < lane.reached)
        for lane in sorted(here, key=lambda lane: lane.ranks[column - lane.joined]):
            step = lane.ranks[column - lane.joined]
            while step in taken:
                step += 1
            taken.add(step)
            steps[lane.key, column] = step
    return steps


def race(
    lanes: Sequence[Lane],
    stages: Sequence[Stage],
    *,
    chosen: Collection[str] = (),
    mark: str = "",
    row=24,
    width=1080,
    left=176,
    right=262,
) -> SafeString:
    """`chosen`: keys of at most two lanes drawn thick; `mark`: words in the corner (demo data). `left`, `right`: the least room beside
    the lanes; long labels get more. Filter by track above 30 lanes."""
    left, right = _sides(lanes, len(stages), left, right)
    steps = ladder(lanes, len(stages))
    places = max(steps.values(), default=1)
    top, last = 56, len(stages) - 1
    height = top + places * row + 14
    inner = width - left - right - 112
    columns = [left + 56 + i * inner / last for i in range(len(stages))] if last else [left + 56 + inner / 2]

    def y(step):
        return top + (step - 0.5) * row

    content = bands(columns, stages, places, row, top, left, width - right)
    for column, (x, stage) in enumerate(zip(columns, stages, strict=True)):
        content += [
            text(x, 20, stage.name, 14, "c-text", INK, "middle", True),
            text(x, 38, stage.note, 12, "c-text-3 c-num", INK_3, "middle"),
        ]
        field = max((step for (_key, c), step in steps.items() if c == column), default=0)
        content.append(line(x, top - 6, x, top + field * row, "c-axis", AXIS))
    content += cuts(columns, stages, row, top, width)
    for lane in sorted(lanes, key=lambda lane: (lane.key in chosen, lane.reached, lane.outcome == "in", lane.key)):
        points = [(columns[i], y(steps[lane.key, i])) for i in range(lane.joined, lane.reached)]
        content.append(runner(lane, points, len(stages), left, width - right, width, lane.key in chosen, bool(chosen)))
    if mark:
        content.append(text(width - 4, 20, mark, 12, "c-text-3", INK_3, "end"))
    desc = _(
        "One lane per cluster, its rank in each round from left to right; the vermilion lines are the cuts. All figures stand in the table."
    )
    return drawing(width, height, content, _("Ranks of the clusters over the rounds"), desc, "race")


def _sides(lanes: Sequence[Lane], stages: int, left, right) -> tuple[int, int]:
    """Room for each label, at the right also for what stands behind it."""
    labels = {lane.key: min(room(lane.label), MOST_ROOM) for lane in lanes}
    behind = {True: room(_("reserve"), 12) + 12, False: 0}
    ends = [labels[lane.key] + behind[lane.outcome == "reserve"] for lane in lanes if lane.reached == stages]
    return max(left, ceil(34 + max(labels.values(), default=0))), max(right, ceil(36 + max(ends, default=0) + FLAG))


def bands(columns, stages, places, row, top, left, end) -> list[str]:
    drawn = []
    for k in range(0, places, 2):
        reach = end
        for i, stage in enumerate(stages[:-1]):
            if stage.cut and k >= stage.cut:
                reach = columns[i] + 34
                break
        drawn.append(rect(left, top + k * row, reach - left, row, "c-band", BAND))
    return drawn


def cuts(columns, stages, row, top, width) -> list[str]:
    drawn = []
    for i, stage in enumerate(stages):
        if stage.cut is None:
            continue
        x1, y = columns[i] - 18, top + stage.cut * row
        x2 = width if i + 1 == len(columns) else columns[i + 1] - 60
        drawn.append(line(x1, y, x2, y, "c-cut", SEAL, 2))
        drawn.append(rect(x2 - 74, y - 10, 74, 20, "c-cut-fill", SEAL, 3))
        drawn.append(text(x2 - 37, y + 4.5, _("cut %(places)s") % {"places": stage.cut}, 12, "on-cut", PAPER, "middle"))
    return drawn


def runner(lane: Lane, points, stages: int, left, end, width, hot: bool, others_fade: bool) -> SafeString:
    stopped = lane.reached < stages
    outcome = "out" if stopped else lane.outcome
    cls, stroke, fill, edge = MARKS[outcome]
    thick = 4 if hot else 2 if outcome != "out" else 1.5
    faint = None if hot or outcome == "reserve" else ".55" if outcome == "in" and others_fade else None if outcome == "in" else ".8"
    stub = 20
    drawn = []
    if points:
        d = f"M{points[0][0] - stub:.1f},{points[0][1]:.1f}H{points[0][0] + stub:.1f}"
        for (xa, ya), (xb, yb) in zip(points, points[1:], strict=False):
            a, b = xa + stub, xb - stub
            d += f"C{(a + b) / 2:.1f},{ya:.1f} {(a + b) / 2:.1f},{yb:.1f} {b:.1f},{yb:.1f}H{xb + stub:.1f}"
        drawn.append(path(d, cls, stroke, thick, opacity=faint, stroke_linecap="round"))
        first = points[0][1] + 4.5
        if lane.joined:  # its own beginning is where it joins, above its line, since others run there
            drawn.append(text(points[0][0] - stub, first - 9, lane.label, 12, "c-text-2", INK_2, "end", hot))
        else:
            drawn.append(text(left - 34, first, lane.label, 13, "c-text" if hot else "c-text-2", INK if hot else INK_2, "end", hot))
            drawn.append(text(left - 6, first, lane.ranks[0], 12, "c-text-3 c-num", INK_3, "end"))
    for k, (x, y) in enumerate(points):
        if stopped and k == len(points) - 1:
            drawn.append(line(x + stub, y - 5, x + stub, y + 5, "c-out", OUT, 2))
        drawn.append(dot(x, y, 5 if hot else 4, f"{cls}-fill", fill, edge, 1.5))
    if points and not stopped:
        y = points[-1][1] + 4.5
        inside = outcome == "in"
        drawn.append(text(end + 26, y, f"{lane.ranks[-1]}{'=' if lane.tied else ''}", 13, "c-text c-num", INK, "end", inside))
        drawn.append(text(end + 36, y, lane.label, 13, "c-text" if inside else "c-text-2", INK if inside else INK_2, "start", hot))
        if outcome == "reserve":
            drawn.append(text(width - FLAG, y, _("reserve"), 12, "c-reserve-text", RESERVE_TEXT, "end"))
    return group(drawn, f"{lane.name}: {' → '.join(['—'] * lane.joined + [str(rank) for rank in lane.ranks])}", "lane")


def race_table(lanes: Sequence[Lane], stages: Sequence[Stage]) -> SafeString:
    rows = [(lane.name, *["—"] * lane.joined, *lane.ranks, *[_("stopped")] * (len(stages) - lane.reached)) for lane in lanes]
    return svg.table(_("Ranks of the clusters over the rounds"), (_("cluster"), *(stage.name for stage in stages)), rows)


def race_legend(*, cut: bool = True) -> SafeString:
    """List items for `<ul class="legend">` above the race; `cut`: whether a line is drawn in any round."""
    inside = _("inside the line") if cut else pgettext("outcome", "Advances")
    items = [
        (line(0, 6, 24, 6, "c-in", svg.IN, 3), inside, ""),
        (line(0, 6, 24, 6, "c-reserve", svg.RESERVE, 2.5), _("reserve"), ""),
        (line(0, 6, 20, 6, "c-out", OUT, 1.5) + line(20, 1, 20, 11, "c-out", OUT, 2), _("stopped in that round"), ""),
    ]
    return svg.legend(items + [(line(0, 6, 24, 6, "c-cut", SEAL, 2), _("cut"), "")] * cut)
