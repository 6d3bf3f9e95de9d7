"""Each chart is well-formed, says what it shows, escapes what it is given and carries no style attribute."""

from xml.etree import ElementTree

import pytest
from django.utils import translation

from competition.documents import charts

EVIL = "<script>&\"'集群"
SVG = "{http://www.w3.org/2000/svg}"

LANES = [
    charts.Lane("a", EVIL, f"{EVIL} one", (3, 1), "in"),
    charts.Lane("b", "无锡物联网", "无锡市物联网集群", (1, 2), "in", tied=True),
    charts.Lane("c", "长沙工程机械", "长沙市工程机械集群", (2, 2), "reserve", tied=True),
    charts.Lane("d", "西安航空", "西安市航空集群", (5, 4), "out"),
    charts.Lane("e", "包头稀土", "包头稀土新材料集群", (4,), "out"),
    charts.Lane("f", "沈阳机器人", "沈阳市机器人集群", (6,), "out"),
]
STAGES = [charts.Stage("书面评审", "6 → 4", 4), charts.Stage(EVIL, "4 → 2", 2)]
ROWS = [
    charts.Row(EVIL, 1, "in", total="90.82"),
    charts.Row("无锡物联网", 2, "in", tied=True, total="89.02", low=1, high=4),
    charts.Row("长沙工程机械", 2, "reserve", tied=True, total="89.02"),
    charts.Row("西安航空", 4, "out", total="82.01"),
    charts.Row("包头稀土", None, "out"),
]
REGIONS = [
    charts.Region("110000", EVIL, f"{EVIL}市", 6, 2),
    charts.Region("320000", "江苏", "江苏省", 7, 4),
    charts.Region("810000", "香港", "香港", 6, 7, False),
]
AXES = ["规模实力", EVIL, "产业协作", "发展生态", "组织保障"]

JUDGES = [
    charts.Judge(EVIL, -1.25, 0.4, (61, 70.5, 74, 80, 91.25), 7),
    charts.Judge("E-02", 0.75, None, (55, 60, 66, 69, 70), 3),
    charts.Judge("E-03", None, None, (70, 70, 70, 70, 70), 1),
]
BETWEEN = [
    charts.Row(EVIL, 1, "in", total="90.82", low=1, high=3, chance="97%"),
    charts.Row("西安航空", 2, "out", total="82.01", low=1, high=2),
]

PICTURES = {
    "intervals": lambda: charts.lanes(BETWEEN, cut=1, size=40),
    "intervals of a phone": lambda: charts.lanes(BETWEEN, cut=1, size=40, stacked=True),
    "severities": lambda: charts.severities(JUDGES),
    "severities of a phone": lambda: charts.severities(JUDGES, stacked=True),
    "spreads of a phone": lambda: charts.spreads(JUDGES, stacked=True),
    "spreads": lambda: charts.spreads(JUDGES),
    "shares": lambda: charts.shares([(EVIL, [0.25, 1.0, None], ["1　25%", "2　100%", EVIL]), ("西部", [0.75, 0.0, None], ["3", "0", "—"])]),
    "race": lambda: charts.race(LANES, STAGES, chosen={"c"}, mark=EVIL),
    "race of one round": lambda: charts.race(LANES[4:], STAGES[:1]),
    "lanes": lambda: charts.lanes(ROWS, cut=2, reserve=1),
    "field": lambda: charts.field([(EVIL, 58), ("书面评审", 24), ("综合赛", 8)]),
    "funnel": lambda: charts.funnel([(EVIL, 58, EVIL), ("综合赛", 8, "")]),
    "tiles": lambda: charts.tiles(REGIONS, {"320000": 3, "110000": 1}, chosen="320000"),
    "units": lambda: charts.units([(EVIL, ["in", "reserve", "out"], "1 / 3")]),
    "radar": lambda: charts.radar(AXES, [88.6, 92.4, 93.1, 84.2, 87], [84, 83.2, 81.5, 80.1, 82.6], lower=[79] * 5, upper=[88] * 5, size=8),
    "distribution": lambda: charts.distribution([71.2, 80.5, 82.25, 90.1], own=82.25, title=EVIL),
    "distribution of nothing": lambda: charts.distribution([]),
}
PIECES = {
    "lane": lambda: charts.lane_cell(ROWS[1], 5, cut=2, reserve=1),
    "lane without a rank": lambda: charts.lane_cell(ROWS[4], 5, cut=2),
    "head": lambda: charts.lane_head(16, 8),
    "course": lambda: charts.course(58, 24, 58, "done", cut=True),
    "scale": lambda: charts.scale(88, words=(EVIL, EVIL, EVIL, EVIL)),
    "strip": lambda: charts.strip(["in", "now", "next", "held"]),
}


def parse(drawing):
    return ElementTree.fromstring(str(drawing).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))


@pytest.mark.parametrize("name", [*PICTURES, *PIECES])
def test_well_formed_escaped_and_without_style(name):
    drawing = {**PICTURES, **PIECES}[name]()
    assert "<script" not in drawing
    for element in parse(drawing).iter():
        assert not {"style", "id"} & set(element.attrib)
        assert not [key for key in element.attrib if key.startswith("on")]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_what_it_is(name):
    root = parse(PICTURES[name]())
    assert root.attrib["role"] == "img"
    assert root[0].tag == f"{SVG}title" and root[0].text.strip()
    assert root[1].tag == f"{SVG}desc" and root[1].text.strip()


@pytest.mark.parametrize("name", PICTURES)
def test_every_mark_has_a_class_for_the_screen_and_a_colour_for_print(name):
    for element in parse(PICTURES[name]()).iter():
        if element.tag.removeprefix(SVG) in {"path", "line", "rect", "circle", "text"}:
            assert element.attrib["class"]
            assert {"fill", "stroke"} & set(element.attrib)


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_values_give_the_same_bytes(name):
    assert PICTURES[name]() == PICTURES[name]()


def test_evil_text_survives_as_text():
    texts = [element.text for element in parse(charts.race(LANES, STAGES)).iter(f"{SVG}text")]
    assert texts.count(EVIL) == 3  # the label on the left and on the right, the name of the second round


def test_shared_ranks_do_not_hide_each_other():
    dots = [(c.attrib["cx"], c.attrib["cy"]) for c in parse(charts.race(LANES, STAGES)).iter(f"{SVG}circle")]
    assert len(dots) == 10 and len(set(dots)) == 10


def test_a_lane_stands_at_its_rank_and_the_cut_behind_its_last_place():
    root = parse(charts.lane_cell(charts.Row("x", 3, "out"), 8, cut=4, reserve=2))
    found = {
        e.attrib["class"]: e.attrib.get("cx") or e.attrib.get("x1") for e in root if "class" in e.attrib and e.attrib["class"] != "l-grid"
    }
    assert found == {"l-dot": "31.25%", "l-cut": "50.00%", "l-reserve": "75.00%"}
    assert root.attrib["class"] == "is-out"


def test_no_interval_no_bar():
    assert "l-range" not in charts.lane_cell(ROWS[0], 5)
    assert "l-range" in charts.lane_cell(ROWS[1], 5)


@pytest.mark.parametrize(("enter", "thick"), [(58, "30"), (29, "17"), (0, "4")])
def test_the_track_is_as_thick_as_the_field(enter, thick):
    assert parse(charts.course(enter, 3, 58, "now"))[0].attrib["height"] == thick


def test_the_field_keeps_as_many_lanes_as_go_on():
    for steps in ([58, 51, 24, 16, 8], [7, 7, 2], [5, 0], [3, 3], [1, 1]):
        root = parse(charts.field([(str(k), n) for k, n in enumerate(steps)]))
        classes = [path.attrib["class"] for path in root.iter(f"{SVG}path")]
        assert (classes.count("f-win"), len(classes)) == (steps[-1], steps[0])


def test_small_groups_get_no_quartiles():
    def draw(size):
        return charts.radar(AXES, [80] * 5, [70] * 5, lower=[60] * 5, upper=[75] * 5, size=size)

    assert "c-soft" in draw(5) and "c-soft" not in draw(4)


def test_every_value_falls_into_one_bin():
    from competition.documents.charts.marks import bins

    values = [60, 61.5, 70, 70, 84.9, 90]
    low, width, held = bins(values, 6)
    assert (low, width, held) == (60, 5, [2, 0, 2, 0, 1, 1])


@pytest.mark.parametrize(("value", "word"), [(0, "poor"), (59.9, "poor"), (60, "fair"), (88, "good"), (90, "top"), (100, "top")])
def test_the_scale_names_the_band(value, word):
    with translation.override("en"):
        assert f">{word}<" in charts.scale(value)


def test_tables_beside_charts_escape_and_align():
    with translation.override("en"):
        table = charts.race_table(LANES, STAGES)
    root = ElementTree.fromstring(str(table))
    rows = root.findall("./tbody/tr")
    assert [cell.text for cell in rows[4]] == ["包头稀土新材料集群", "4", "stopped"]
    assert [cell.text for cell in rows[0]] == [f"{EVIL} one", "3", "1"]
    assert [cell.attrib.get("class") for cell in rows[0]] == [None, "num", "num"]
    assert "<script" not in table
    for other in (
        charts.lanes_table(ROWS),
        charts.tiles_table(REGIONS, {}),
        charts.radar_table(AXES, [1] * 5, [2] * 5),
        charts.distribution_table([1, 2]),
    ):
        ElementTree.fromstring(str(other))


def test_legends_are_list_items():
    for legend in (
        charts.lane_legend(),
        charts.lane_legend(interval=True),
        charts.race_legend(),
        charts.race_legend(cut=False),
        charts.tile_legend(),
    ):
        assert ElementTree.fromstring(f"<ul>{legend}</ul>").findall("./li/svg")


def test_a_severity_is_drawn_where_it_is_and_its_bar_spans_two_errors_each_way():
    with translation.override("en"):
        drawing = parse(charts.severities(JUDGES))
    lines = [line for line in drawing.iter(f"{SVG}line") if line.get("class") == "c-in"]
    dots = [float(dot.get("cx")) for dot in drawing.iter(f"{SVG}circle")]
    (bar,) = lines
    left, right = float(bar.get("x1")), float(bar.get("x2"))
    assert (left + right) / 2 == pytest.approx(dots[0], abs=0.1)
    per_point = (dots[1] - dots[0]) / 2
    assert (right - left) / per_point == pytest.approx(1.6, abs=0.01)
    assert "−1.25 ± 0.40" in "".join(drawing.itertext())


def test_intervals_carry_their_chances_into_picture_and_table():
    with translation.override("en"):
        picture, table = str(charts.lanes(BETWEEN, cut=1)), str(charts.lanes_table(BETWEEN))
    assert "97%" in picture
    assert "<td>1–3</td>" in table or '<td class="num">1–3</td>' in table
    assert "97%" in table


def test_on_a_phone_no_upright_runs_through_the_words_of_a_lane():
    root = parse(charts.lanes(ROWS, cut=2, reserve=1, stacked=True))
    uprights = [e.attrib for e in root.iter(f"{SVG}line") if e.attrib["x1"] == e.attrib["x2"]]
    words = [e for e in root.iter(f"{SVG}text") if e.text in {row.label for row in ROWS}]
    assert (root.attrib["viewBox"].split()[2], len(words)) == ("340", len(ROWS))
    for e in words:
        base = float(e.attrib["y"])
        assert not [at for at in uprights if float(at["y1"]) < base < float(at["y2"])]


@pytest.mark.parametrize("label", ["Suzhou Biopharma", "Nanjing Smart Grid Equip", "长三角生物医药创新"])
def test_a_long_label_of_the_race_leaves_room_for_what_stands_behind_it_and_is_not_cut_off(label):
    lanes = [charts.Lane("a", "Wuxi IoT", "one", (1, 1), "in"), charts.Lane("b", label, "two", (2, 2), "reserve")]
    with translation.override("en"):
        root = parse(charts.race(lanes, [charts.Stage("First", cut=2), charts.Stage("Second", cut=1)], width=840, left=146, right=272))
    texts = {(e.text, e.attrib["text-anchor"]): float(e.attrib["x"]) for e in root.iter(f"{SVG}text")}
    wide = 7 * len(label) if label.isascii() else 13 * len(label)  # as drawn at 13
    assert texts[label, "end"] - wide >= 0
    assert texts[label, "start"] + wide + 8 <= texts["reserve", "end"] - 44


def test_who_joins_later_has_a_lane_from_there_on():
    late = charts.Lane("g", "再来集群", "再次参赛的集群", (3,), "out", joined=1)
    lanes = [*LANES[:3], late]
    drawn = parse(charts.race(lanes, STAGES))
    (lane,) = [node for node in drawn.iter() if (node.find(f"{SVG}title") is not None and "再次参赛" in node.find(f"{SVG}title").text)]
    (only,) = lane.iter(f"{SVG}circle")
    last = max(float(node.get("cx")) for node in drawn.iter(f"{SVG}circle"))
    assert (float(only.get("cx")), lane.find(f"{SVG}title").text) == (last, "再次参赛的集群: — → 3")
    with translation.override("en"):
        assert "<td>—</td><td>3</td>" in str(charts.race_table(lanes, STAGES)).replace(' class="num"', "")
