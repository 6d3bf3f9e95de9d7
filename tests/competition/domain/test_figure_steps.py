from fractions import Fraction as F

from competition.domain.figure_steps import figure_steps
from competition.domain.figures import headline

YEARS = (2023, 2024, 2025)
ITEMS = [
    {"code": "output"},
    {"code": "staff"},
    {"code": "growth", "computed": {"growth": "output"}},
    {"code": "per_head", "computed": {"ratio": {"of": "output", "by": "staff", "times": "10000"}}},
    {"code": "index", "computed": {"sum": [{"item": "per_head", "times": "0.5"}, {"item": "staff", "times": "2.5"}]}},
]
TABLE = {
    "output": {"values": {"2023": "400", "2024": "500", "2025": "550"}},
    "staff": {"values": {"2023": "20", "2024": "25", "2025": "30"}},
}


def steps(code, table=TABLE):
    return figure_steps(ITEMS, table, YEARS, code)


def test_every_item_ends_in_the_figure_that_counts():
    heads = headline(ITEMS, TABLE, YEARS)
    assert {item["code"]: steps(item["code"]).figure for item in ITEMS} == heads
    assert heads["growth"] == F("17.5")


def test_growth_names_its_rates_and_a_ratio_its_factor():
    growth, ratio = steps("growth"), steps("per_head")
    assert (growth.how, growth.rates) == ("growth", (25, 10))
    assert (ratio.how, ratio.year, [(times, part.code) for times, part in ratio.parts]) == (
        "ratio",
        2025,
        [(10000, "output"), (1, "staff")],
    )
    assert ratio.figure == F(550, 30) * 10000


def test_a_sum_of_computed_items_leads_back_to_what_was_reported():
    index = steps("index")
    assert [(times, part.code) for times, part in index.parts] == [(F("0.5"), "per_head"), (F("2.5"), "staff")]
    assert [one.code for one in index.items()] == ["output", "staff", "per_head", "index"]
    assert index.figure == F(550, 30) * 5000 + 75


def test_a_missing_figure_stays_missing():
    lacking = {**TABLE, "staff": {"values": {"2024": "25"}}}
    assert steps("per_head", lacking).figure is None
    assert steps("per_head", lacking).values == {2023: None, 2024: F(200000), 2025: None}
    assert steps("nothing") is None
