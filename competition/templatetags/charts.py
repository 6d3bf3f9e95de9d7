"""`{% load charts %}`: the drawings of `competition.documents.charts` from plain dicts, as a page's context or the stored context of
a document holds them (JSON: strings, numbers, lists). Keys are the fields of the shapes named in each."""

import io

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

from competition.documents import charts
from competition.documents.charts import ornament

register = template.Library()


def lanes_of(values) -> list[charts.Lane]:
    return [charts.Lane(**{**lane, "ranks": tuple(lane["ranks"])}) for lane in values]


@register.simple_tag
def race_chart(data, **size) -> SafeString:
    """`data`: lanes (Lane), stages (Stage), optionally chosen, mark."""
    stages = [charts.Stage(**stage) for stage in data["stages"]]
    return charts.race(lanes_of(data["lanes"]), stages, chosen=data.get("chosen", ()), mark=data.get("mark", ""), **size)


@register.simple_tag
def race_chart_table(data) -> SafeString:
    return charts.race_table(lanes_of(data["lanes"]), [charts.Stage(**stage) for stage in data["stages"]])


@register.simple_tag
def lanes_chart(data, **size) -> SafeString:
    """`data`: rows (Row), cut, reserve, optionally size (how many are ranked)."""
    lines = {"cut": data.get("cut"), "reserve": data.get("reserve", 0), "size": data.get("size")}
    return charts.lanes([charts.Row(**row) for row in data["rows"]], **lines, **size)


@register.simple_tag
def tiles_chart(data, **size) -> SafeString:
    """`data`: regions (Region), counts by key, optionally chosen, title."""
    regions = [charts.Region(**region) for region in data["regions"]]
    return charts.tiles(regions, data["counts"], chosen=data.get("chosen"), title=data.get("title", ""), **size)


@register.simple_tag
def funnel_chart(steps, **size) -> SafeString:
    """`steps`: [name, how many, note]."""
    return charts.funnel([tuple(step) for step in steps], **size)


@register.simple_tag
def radar_chart(data, **size) -> SafeString:
    """`data`: axes, own, optionally median, lower, upper, start, end, size."""
    return charts.radar(data["axes"], data["own"], **{k: v for k, v in data.items() if k not in {"axes", "own"}}, **size)


@register.simple_tag
def race_lines(kind: str) -> SafeString:
    """The ornament of covers and certificates: lanes that cross once and part."""
    return {"cover": ornament.cover, "certificate": ornament.certificate}[kind]()


@register.simple_tag
def qr(words: str) -> SafeString:
    """A QR code as SVG; its size comes from the style sheet."""
    out = io.BytesIO()
    segno.make(words, error="m").save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=0, dark="#142220", nl=False)
    return mark_safe(out.getvalue().decode())  # noqa: S308


@register.simple_tag
def demo_seal() -> SafeString:
    return ornament.demo_seal("演示之印")


@register.simple_tag
def field_chart(steps, **size) -> SafeString:
    """`steps`: [name, how many]; for the dark head of a public page."""
    return charts.field([(step[0], step[1]) for step in steps], **size)


@register.simple_tag
def mark_scale(value, **bands) -> SafeString:
    return charts.scale(value, **bands)


@register.simple_tag
def lane(row, size, cut=None, reserve=0) -> SafeString:
    """Inside `td.lane`. `row`: the fields of a Row; `size`: ranked entries."""
    return charts.lane_cell(charts.Row(**row), size, cut=cut, reserve=reserve)


@register.simple_tag
def lane_head(size, cut=None) -> SafeString:
    return charts.lane_head(size, cut)


@register.simple_tag
def chart_legend(kind: str) -> SafeString:
    """Items of `<ul class="legend">`; `kind`: lane, lineless, interval, race, uncut or tile."""
    return {
        "lane": charts.lane_legend,
        "lineless": lambda: charts.lane_legend(line=False),
        "interval": lambda: charts.lane_legend(interval=True),
        "race": charts.race_legend,
        "uncut": lambda: charts.race_legend(cut=False),
        "tile": charts.tile_legend,
    }[kind]()


@register.simple_tag
def tiles_table(data) -> SafeString:
    return charts.tiles_table([charts.Region(**region) for region in data["regions"]], data["counts"])


@register.simple_tag
def units_chart(groups, **size) -> SafeString:
    """`groups`: (name, marks, note)."""
    return charts.units(groups, **size)
