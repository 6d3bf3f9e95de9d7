"""Charts: functions of plain values → inline SVG, the same on the page and in a PDF. Each picture has its table beside it."""

from competition.documents.charts.curve import curve
from competition.documents.charts.judging import Judge, severities, severities_table, shares, shares_legend, spreads, spreads_table
from competition.documents.charts.marks import distribution, distribution_table, radar, radar_table, scale, strip
from competition.documents.charts.places import Region, field, funnel, steps_table, tile_legend, tiles, tiles_table, units
from competition.documents.charts.rounds import Lane, Stage, race, race_legend, race_table
from competition.documents.charts.rows import Row, course, lane_cell, lane_head, lane_legend, lanes, lanes_table
from competition.documents.charts.svg import table
from competition.documents.charts.votes import ballots, ballots_legend

__all__ = [
    "Judge",
    "Lane",
    "Region",
    "Row",
    "Stage",
    "ballots",
    "ballots_legend",
    "course",
    "curve",
    "distribution",
    "distribution_table",
    "field",
    "funnel",
    "lane_cell",
    "lane_head",
    "lane_legend",
    "lanes",
    "lanes_table",
    "race",
    "race_legend",
    "race_table",
    "radar",
    "radar_table",
    "scale",
    "severities",
    "severities_table",
    "shares",
    "shares_legend",
    "spreads",
    "spreads_table",
    "steps_table",
    "strip",
    "table",
    "tile_legend",
    "tiles",
    "tiles_table",
    "units",
]
