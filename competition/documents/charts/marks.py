"""Marks of one cluster: radar, distribution, the scale under a mark, the strip of sheets."""

import math
from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.figures import num
from competition.documents.charts import svg
from competition.documents.charts.svg import (
    AXIS,
    GRID,
    IN,
    INK,
    INK_3,
    MID,
    SOFT,
    dot,
    drawing,
    element,
    line,
    number,
    path,
    rect,
    text,
)

# Under five no quartiles are drawn: they would give single clusters away.
SMALLEST_GROUP = 5


def radar(
    axes: Sequence[str],
    own: Sequence[float],
    median: Sequence[float] | None = None,
    *,
    lower: Sequence[float] | None = None,
    upper: Sequence[float] | None = None,
    start=0,
    end=100,
    size: int | None = None,
    width=640,
    height=450,
) -> SafeString:
    """Own values solid, the group's median dashed, its quartiles (`lower`, `upper`) as a band. All on the same scale, printed from
    `start` to `end`. `size`: clusters in the group; under five the quartiles are left out."""
    n, radius = len(axes), 165
    cx, cy = width / 2, height / 2 + 8
    if size is not None and size < SMALLEST_GROUP:
        lower = upper = None

    def at(i, value):
        far = radius * (min(max(float(value), start), end) - start) / (end - start)
        return cx + far * math.sin(2 * math.pi * i / n), cy - far * math.cos(2 * math.pi * i / n)

    def ring(values):
        return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in (at(i, value) for i, value in enumerate(values))) + "Z"

    rings = [start + (end - start) * k / 4 for k in range(1, 5)]
    content = [path(ring([value] * n), "c-axis", AXIS) for value in rings]
    for i in range(n):
        content.append(line(cx, cy, *at(i, end), "c-grid", GRID))
    if lower is not None and upper is not None:
        content.append(element("path", class_="c-soft", d=ring(upper) + ring(lower), fill=SOFT, fill_rule="evenodd"))
    if median is not None:
        content.append(path(ring(median), "c-mid-line", MID, 1.5, stroke_dasharray="5 4"))
    content.append(path(ring(own), "c-in", IN, 2.5))
    for value in (start, *rings):
        x, y = at(0, value)
        content.append(text(x + 5, y + 4, num(value, 0), 12, "c-text-3 c-num", INK_3))
    for i, (axis, value) in enumerate(zip(axes, own, strict=True)):
        content.append(dot(*at(i, value), 5, "c-in-fill", IN))
        x, y = cx + radius * 1.14 * math.sin(2 * math.pi * i / n), cy - radius * 1.14 * math.cos(2 * math.pi * i / n)
        anchor = "middle" if abs(x - cx) < 20 else "start" if x > cx else "end"
        words = num(value, 1)
        if median is not None:
            words = _("%(own)s (median %(median)s)") % {"own": words, "median": num(median[i], 1)}
        content.append(text(x, y - (8 if i == 0 else 0), axis, 14, "c-text", INK, anchor, True))
        content.append(text(x, y + (9 if i == 0 else 18), words, 12, "c-text-3 c-num", INK_3, anchor))
    parts = [_("Solid: this cluster.")]
    if median is not None:
        parts.append(_("Dashed: the median of the group."))
    if lower is not None and upper is not None:
        parts.append(_("Band: its quartiles."))
    parts.append(_("The axis begins at %(start)s.") % {"start": num(start)})
    return drawing(width, height, content, _("Dimensions of this cluster"), " ".join(parts), "radar")


def radar_table(axes, own, median=None) -> SafeString:
    heads = (_("dimension"), _("this cluster"), *([_("median of the group")] if median is not None else []))
    rows = [(axis, *(num(v[i], 1) for v in (own, median) if v is not None)) for i, axis in enumerate(axes)]
    return svg.table(_("Dimensions of this cluster"), heads, rows)


def bins(values: Sequence[float], count: int) -> tuple[float, float, list[int]]:
    """(start, width of a bin, how many in each); the last bin holds its upper edge too."""
    low, high = min(values), max(values)
    width = (high - low) / count or 1
    held = [0] * count
    for value in values:
        held[min(int((value - low) / width), count - 1)] += 1
    return low, width, held


def distribution(values: Sequence[float], *, own: float | None = None, title: str = "", count=12, width=640, height=190) -> SafeString:
    """How totals are spread: a bar per bin, the own value as an upright. Give the values of one group only."""
    title = title or _("Distribution of the totals")
    if not values:
        return drawing(width, height, [text(width / 2, height / 2, "—", 14, "c-text-3", INK_3, "middle")], title, _("no values"))
    values = [float(value) for value in values]
    low, step, held = bins(values, count)
    top, bottom, most = 26, height - 28, max(held)
    each = (width - 20) / count
    content = []
    for k, n in enumerate(held):
        high = (bottom - top) * n / most
        content.append(rect(10 + k * each + 1, bottom - high, each - 2, high, "c-mid", MID, 1))
        if n:
            content.append(text(10 + (k + 0.5) * each, bottom - high - 4, n, 12, "c-text-3 c-num", INK_3, "middle"))
    content.append(line(10, bottom, width - 10, bottom, "c-axis", AXIS, 1.5))
    for k in range(0, count + 1, max(1, count // 4)):
        x = 10 + k * each
        anchor = "start" if k == 0 else "end" if k == count else "middle"
        content.append(text(x, height - 8, num(low + k * step, 1), 12, "c-text-3 c-num", INK_3, anchor))
    if own is not None:
        x = 10 + (width - 20) * min(max((float(own) - low) / (step * count), 0), 1)
        content += [line(x, top - 8, x, bottom, "c-in", IN, 2), dot(x, bottom, 5, "c-in-fill", IN)]
        side = "start" if x < width / 2 else "end"
        words = _("own %(value)s") % {"value": num(own, 2)}
        content.append(text(x + (6 if side == "start" else -6), 14, words, 13, "c-text", INK, side, True))
    span = {"count": len(values), "low": num(min(values), 2), "high": num(max(values), 2)}
    return drawing(width, height, content, title, _("%(count)s values from %(low)s to %(high)s") % span)


def distribution_table(values: Sequence[float], *, title: str = "", count=12) -> SafeString:
    rows = []
    if values:
        low, step, held = bins([float(value) for value in values], count)
        rows = [(f"{num(low + k * step, 1)}–{num(low + (k + 1) * step, 1)}", n) for k, n in enumerate(held)]
    return svg.table(title or _("Distribution of the totals"), (_("from–to"), _("clusters")), rows)


BANDS = (0, 60, 75, 90, 100)


def scale(value: float | None, *, edges: Sequence[float] = BANDS, words: Sequence[str] | None = None) -> SafeString:
    """The scale under a mark: bands of equal width, the knob moves linearly inside its band. `edges` from least to most."""
    words = words or (_("poor"), _("fair"), _("good"), _("top"))
    count = len(edges) - 1

    def at(k):
        return f"{2 + k * 96 / count:.1f}%"

    content = [element("line", class_="base", x1=at(0), x2=at(count), y1=9, y2=9)]
    where = band = None
    if value is not None:
        band = max((i for i in range(count) if value >= edges[i]), default=0)
        where = band + min(max((value - edges[band]) / (edges[band + 1] - edges[band]), 0), 1)
        content.append(element("line", class_="fill", x1=at(0), x2=at(where), y1=9, y2=9))
    for k in range(1, count):
        content.append(element("line", class_="tick", x1=at(k), x2=at(k), y1=3, y2=15))
        content.append(element("text", num(edges[k]), x=at(k), y=31, text_anchor="middle"))
    if where is not None:
        content.append(element("text", svg.escape(words[band]), class_="word", x=at(band + 0.5), y=31, text_anchor="middle"))
        content.append(element("circle", class_="knob", cx=at(where), cy=9, r=6))
    return element("svg", content, class_="scale", aria_hidden="true")


def strip(states: Sequence[str]) -> SafeString:
    """The sheets of an evaluator as a row of small boxes. States: in (submitted), now (this one), next (open), held (recused)."""
    boxes = [element("rect", class_=state, x=number(k * 15 + 0.5), y=3.5, width=11, height=9, rx=1.5) for k, state in enumerate(states)]
    words = _("%(all)s sheets: %(done)s submitted, %(held)s recused") % {
        "all": len(states),
        "done": states.count("in"),
        "held": states.count("held"),
    }
    width = max(len(states) * 15, 15)
    return element(
        "svg", [element("title", words), *boxes], class_="field-strip", viewBox=f"0 0 {width} 16", width=width, height=16, role="img"
    )
