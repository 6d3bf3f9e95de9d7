"""The field: how many run, round by round, and where they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from competition.documents.charts import svg
from competition.documents.charts.svg import (
    AXIS,
    IN,
    INK,
    INK_2,
    INK_3,
    MARKS,
    MID,
    PAPER,
    SEAL,
    SEQUENCE,
    dot,
    drawing,
    element,
    group,
    line,
    path,
    rect,
    text,
)


@dataclass(frozen=True)
class Region:
    """A tile. `col` from 1, `row` from 0; `recommends` False: hollow, no recommender there."""

    key: str
    label: str
    name: str
    col: int
    row: int
    recommends: bool = True


def steps_in_words(steps: Sequence[tuple[str, int]]) -> str:
    return _("; ").join(f"{name} {count}" for name, count in steps)


def survivors(steps: Sequence[int]) -> list[int]:
    """For each lane of the field the index of the step at which it stops; those that finish get len(steps). Kept lanes stay
    spread over the course: the order of lanes says nothing."""
    stops = [len(steps)] * (steps[0] if steps else 0)
    running = list(range(len(stops)))
    for i, left in enumerate(steps[1:], 1):
        left = min(left, len(running))
        kept = {running[int((k + 0.5) * len(running) / left)] for k in range(left)}
        for lane in running:
            if lane not in kept:
                stops[lane] = i
        running = [lane for lane in running if lane in kept]
    return stops


def field(steps: Sequence[tuple[str, int]], *, width=620, height=178) -> SafeString:
    """One line per cluster from the start to the last gate, for the dark head of a public page. `steps`: (name, how many)."""
    counts = [count for _name, count in steps]
    stops = survivors(counts)
    top, apart = 34, (height - 40) / max(len(stops) - 1, 1)
    gap = (width - 92) / max(len(steps) - 1, 1)
    content = []
    for lane, stop in enumerate(stops):
        y = top + lane * apart
        if stop < len(steps):
            content.append(path(f"M0,{y:.1f}H{8 + stop * gap:.1f}", "f-line", MID))
        else:
            content.append(path(f"M0,{y:.1f}H{width - 8:.1f}", "f-win", IN, 1.6))
            content.append(element("circle", class_="f-dot", cx=svg.number(width - 8), cy=svg.number(y), r=3, fill=IN))
    for i, (name, count) in enumerate(steps):
        x = 8 + i * gap
        if i:
            content.append(line(x, top - 6, x, height, "f-gate", SEAL, 1.5))
        figure = element("tspan", str(count), class_="f-num", fill=INK, font_weight="bold")
        anchor = "start" if i == 0 else "middle"
        content.append(
            element(
                "text", [escape(name), " ", figure], class_="f-text", x=svg.number(x), y=12, font_size=12.5, fill=INK_3, text_anchor=anchor
            )
        )
    return drawing(width, height, content, _("How many went on, round by round"), steps_in_words(steps), "field-art")


def funnel(steps: Sequence[tuple[str, int, str]], *, width=1000, row=44) -> SafeString:
    """`steps`: (name, how many, a note behind the number)."""
    most = max((count for _name, count, _note in steps), default=1) or 1
    content = []
    for i, (name, count, note) in enumerate(steps):
        y, long = i * row, (width - 430) * count / most
        last = i == len(steps) - 1
        content.append(text(150, y + row / 2 + 5, name, 14, "c-text", INK, "end"))
        content.append(rect(166, y + 8, long, row - 16, "c-in-fill" if last else "c-mid", IN if last else MID, 2))
        content.append(text(166 + long + 10, y + row / 2 + 6, count, 17, "c-text c-num", INK, "start", True))
        content.append(text(166 + long + 54, y + row / 2 + 5, note, 13, "c-text-3", INK_3))
    words = steps_in_words([(name, count) for name, count, _note in steps])
    return drawing(width, len(steps) * row, content, _("How many went on, round by round"), words)


def steps_table(steps: Sequence[tuple[str, int]]) -> SafeString:
    return svg.table(_("How many went on, round by round"), (_("step"), _("clusters")), [tuple(step[:2]) for step in steps])


def tiles(
    regions: Sequence[Region],
    counts: Mapping[str, int],
    *,
    chosen: str | None = None,
    title: str = "",
    size=58,
    gap=5,
    most: int | None = None,
) -> SafeString:
    """A map of equal tiles, no boundaries. `counts` by key; one hue in five steps, the number printed. `most`: the largest count, where
    the steps are quarters of it; else they are 0, 1, 2, 3 and more."""
    step = size + gap
    content = []
    for region in regions:
        count = counts.get(region.key, 0)
        x, y = (region.col - 1) * step, region.row * step
        shade = min(count, 4) if most is None or count == 0 else -(-4 * count // most)
        cls, fill = ("on-high", PAPER) if shade >= 3 else ("on-low", INK)
        if region.recommends:
            box = rect(x + 1.5, y + 1.5, size - 3, size - 3, f"q{shade}", SEQUENCE[shade], 4)
            words = f"{region.name}: {count}"
        else:
            box = rect(x + 1.5, y + 1.5, size - 3, size - 3, "c-axis", "none", 4, stroke=AXIS, stroke_dasharray="3 3")
            cls, fill = "on-none", INK_3
            words = _("%(region)s: no recommender") % {"region": region.name}
        middle = x + size / 2
        wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in region.label)
        content.append(
            group(
                [
                    box,
                    text(
                        middle,
                        y + size / 2 + (-3 if count else 5),
                        region.label,
                        14 if wide <= 4 else 13 if wide <= 6 else 11,
                        cls,
                        fill,
                        "middle",
                    ),
                    text(middle, y + size / 2 + 17, count, 15, f"{cls} c-num", fill, "middle", True) if count else "",
                ],
                words,
                "tile chosen" if region.key == chosen else "tile",
            )
        )
    across = max((region.col for region in regions), default=1)
    down = max((region.row for region in regions), default=0) + 1
    desc = _("A map of tiles, one per province-level region; the darker, the more. Joint entries count for each of their regions.")
    return drawing(across * step - gap, down * step - gap, content, title or _("Clusters by region"), desc, "tiles")


def tiles_table(regions: Sequence[Region], counts: Mapping[str, int]) -> SafeString:
    rows = [(region.name, counts.get(region.key, 0)) for region in regions if region.recommends]
    rows.sort(key=lambda row: -row[1])
    return svg.table(_("Clusters by region"), (_("region"), _("clusters")), rows)


def tile_legend() -> SafeString:
    """List items for `<ul class="legend">` under the map."""
    words = ("0", "1", "2", "3", _("4 and more"))
    shades = [(rect(0, 0, 24, 12, f"q{k}", SEQUENCE[k], 2), words[k], "") for k in range(5)]
    hollow = rect(0.5, 0.5, 23, 11, "c-axis", "none", 2, stroke=AXIS, stroke_dasharray="3 2")
    return svg.legend([*shades, (hollow, _("no recommender"), "")])


def units(groups: Sequence[tuple[str, Sequence[str], str]], *, width=300) -> SafeString:
    """One mark per cluster. `groups`: (name, outcomes, note on the right); filled goes on, ochre is reserve, hollow does not."""
    content = []
    most = max((len(outcomes) for _name, outcomes, _note in groups), default=1)
    apart = min(18, (width - 48 - 56) / max(most, 1))
    for k, (name, outcomes, note) in enumerate(groups):
        y = 30 * k
        content.append(text(0, y + 18, name, 13, "c-text", INK))
        for i, outcome in enumerate(outcomes):
            cls, _stroke, fill, edge = MARKS[outcome]
            content.append(dot(56 + i * apart, y + 13.5, min(6.5, apart * 0.4), f"{cls}-fill", fill, edge, 1.5))
        content.append(text(width, y + 18, note, 13, "c-text-2 c-num", INK_2, "end"))
    return drawing(width, 30 * len(groups), content, _("Regional balance"), _("; ").join(f"{name} {note}" for name, _marks, note in groups))
