from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from competition.domain.figures import decimal, headline, parse
from competition.domain.form_schema import check_definition
from competition.domain.forms import completeness, fields, keep, last_years, reported, validate, words
from ledger.domain.reason import Reason, Refused

YEARS = (2023, 2024, 2025)
LABEL = {"zh": "项", "en": "Item"}


def form(*found, **sections):
    named = sections or {"all": found}
    return {
        "title": LABEL,
        "years": 3,
        "sections": [
            {"code": code, "label": LABEL, "fields": [{"label": LABEL} | field for field in rows]} for code, rows in named.items()
        ],
    }


def table(*items, **more):
    return {"code": "figures", "type": "table", "items": [{"label": LABEL, "unit": LABEL} | item for item in items]} | more


def row(*values, **more):
    return {"values": dict(zip(map(str, YEARS), values, strict=True)), "source": "统计局"} | more


def faults(field, value):
    return validate(form(field), {field["code"]: value}, YEARS)


def test_years_before_the_competition():
    assert last_years(2026) == YEARS
    assert last_years(2026, 2) == (2024, 2025)


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("先进制造业集群", 7), ("two words", 2), ("推进 5G 应用，well-known", 7), ("，。！", 0), ("㐂𠮷", 2)]
)
def test_words(text, count):
    assert words(text) == count


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.50", Fraction(25, 2)),
        ("１２．５", Fraction(25, 2)),
        ("18 204", 18204),
        ("1,234.5", Fraction(2469, 2)),
        ("−3", -3),
        ("", None),
        ("1e9", None),
        ("12亿", None),
        (12, None),
        ("1" * 16, None),
    ],
)
def test_parse(text, value):
    assert parse(text) == value


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(1, 8), "0.13"), (Fraction(-1, 8), "-0.13"), (Fraction(5), "5"), (Fraction(-1, 1000), "0")]
)
def test_decimal_rounds_half_up(value, text):
    assert decimal(value, 2) == text


def test_what_is_missing_is_named_by_its_kind():
    definition = form(
        {"code": "name", "type": "text"},
        {"code": "truthful", "type": "undertaking"},
        {"code": "licence", "type": "attachment", "types": ["pdf"], "max_mb": 20},
        {"code": "more", "type": "long_text", "required": False},
    )
    assert validate(definition, {"name": "  "}, YEARS) == [
        ("name", Reason("competition.answer_missing")),
        ("truthful", Reason("competition.undertaking_missing")),
        ("licence", Reason("competition.file_missing")),
    ]
    assert validate(definition, {"name": "甲", "truthful": True, "licence": [7]}, YEARS) == []


def test_limits_of_a_text():
    field = {"code": "plan", "type": "long_text", "max_words": 4, "min_words": 2}
    assert faults(field, "五个字太长") == [("plan", Reason("competition.text_too_long", {"count": 5, "most": 4}))]
    assert faults(field, "短") == [("plan", Reason("competition.text_too_short", {"count": 1, "least": 2}))]
    assert faults(field, "正好四字") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("abc", Reason("competition.not_a_number")),
        ("0.001", Reason("competition.too_many_decimals", {"most": 2})),
        ("120.5", Reason("competition.figure_out_of_range", {"value": "120.5", "low": "0", "high": "100"})),
    ],
)
def test_a_number_that_is_wrong(text, reason):
    assert faults({"code": "area", "type": "number", "decimals": 2, "min": "0", "max": "100"}, text) == [("area", reason)]


def test_a_number_with_one_bound():
    assert faults({"code": "area", "type": "number", "min": "1"}, "0") == [
        ("area", Reason("competition.figure_too_low", {"value": "0", "bound": "1"}))
    ]
    assert faults({"code": "area", "type": "number", "max": "1"}, "1.5") == [
        ("area", Reason("competition.figure_too_high", {"value": "1.5", "bound": "1"}))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("91110000600037341L", []),
        (" 91110000600037341l ", []),
        ("91110000600037341M", [Reason("competition.credit_code_check", {"expected": "L"})]),
        ("9111000060003734", [Reason("competition.credit_code_length", {"count": 16})]),
        ("9111000060003734IO", [Reason("competition.credit_code_characters")]),
        ("统一社会信用代码统一社会信用代码统一", [Reason("competition.credit_code_characters")]),
    ],
)
def test_credit_code(text, expected):
    assert [reason for _, reason in faults({"code": "code", "type": "credit_code"}, text)] == expected


def test_an_option_that_is_not_offered():
    field = {"code": "kind", "type": "choice", "options": [{"code": "a", "label": LABEL}, {"code": "b", "label": LABEL}]}
    assert faults(field, "c") == [("kind", Reason("competition.option_unknown"))]
    assert faults(field | {"multiple": True}, ["a", "b"]) == []


def test_a_row_with_a_hole_and_without_a_source():
    given = {"values": {"2023": "100", "2025": "120"}}
    assert faults(table({"code": "output"}), {"output": given}) == [
        ("figures.output.2024", Reason("competition.figure_missing", {"year": 2024})),
        ("figures.output.source", Reason("competition.source_missing")),
    ]
    # Not required, and not begun: nothing is asked. Begun is finished.
    assert faults(table({"code": "output", "required": False}), {}) == []
    assert len(faults(table({"code": "output", "required": False}), {"output": given})) == 2


def test_a_jump_asks_for_an_explanation():
    items = table({"code": "output", "jump": ["-20", "60"]})
    assert faults(items, {"output": row("100", "160", "502.4")}) == [
        ("figures.output.2025", Reason("competition.jump_unexplained", {"year": 2025, "change": "214", "low": "-20", "high": "60"}))
    ]
    assert faults(items, {"output": row("100", "80", "63.99")})[0][1].params["change"] == "-20"
    assert faults(items, {"output": row("100", "160", "502.4", explanation="并入新企业")}) == []
    assert faults(items, {"output": row("0", "160", "170")}) == []


def test_a_part_above_its_whole_is_told_both():
    items = table({"code": "revenue"}, {"code": "rd", "at_most": "revenue"})
    value = {"revenue": row("1000", "1000", "1000"), "rd": row("14", "154000", "16")}
    assert faults(items, value) == [
        ("figures.rd.2024", Reason("competition.part_exceeds_whole", {"value": "154000", "whole": "1000", "item": "revenue"}))
    ]


def test_computed_items():
    items = table(
        {"code": "output"},
        {"code": "staff"},
        {"code": "growth", "computed": {"growth": "output"}},
        {"code": "each", "computed": {"ratio": {"of": "output", "by": "staff", "times": "10000"}}},
        {"code": "mixed", "computed": {"sum": [{"item": "output", "times": "0.5"}, {"item": "staff"}]}},
    )["items"]
    heads = headline(items, {"output": row("100", "110", "143"), "staff": row("7", "8", "9")}, YEARS)
    # growth 10 % then 30 %: the mean is 20, while the compound rate would be 19.58.
    assert heads == {
        "output": 143,
        "staff": 9,
        "growth": 20,
        "each": Fraction(1430000, 9),
        "mixed": Fraction(161, 2),
    }


def test_what_cannot_be_computed_is_missing_and_not_zero():
    items = table({"code": "output"}, {"code": "staff"}, {"code": "growth", "computed": {"growth": "output"}})["items"]
    items += [{"code": "each", "computed": {"ratio": {"of": "output", "by": "staff"}}}]
    assert headline(items, {"output": row("", "110", "143"), "staff": row("7", "8", "0")}, YEARS) == {
        "output": 143,
        "staff": 0,
        "growth": None,
        "each": None,
    }


def test_completeness_by_section():
    definition = form(
        profile=[{"code": "name", "type": "text"}, {"code": "note", "type": "text", "required": False}],
        data=[table({"code": "output"}, {"code": "staff"}, {"code": "sum", "computed": {"sum": [{"item": "staff"}]}})],
    )
    data = {"figures": {"output": row("1", "2", "3"), "staff": {"values": {"2023": "5"}}}}
    profile, figures = completeness(definition, data, YEARS)
    assert (profile.total, profile.done, profile.complete) == (1, 0, False)
    assert (figures.total, figures.done, [path for path, _ in figures.faults]) == (
        2,
        1,
        ["figures.staff.2024", "figures.staff.2025", "figures.staff.source"],
    )


def test_keep_drops_what_the_form_does_not_ask():
    definition = form(
        {"code": "name", "type": "text"},
        {"code": "truthful", "type": "undertaking"},
        {"code": "licence", "type": "attachment", "types": ["pdf"], "max_mb": 20},
        table({"code": "output"}, {"code": "sum", "computed": {"sum": [{"item": "output"}]}}),
    )
    data = {
        "name": "甲",
        "state": "accepted",
        "truthful": "yes",
        "licence": ["x"],
        "figures": {
            "output": {"values": {"2023": "1", "1999": "2", "2024": 7}, "source": "局", "rank": 1},
            "sum": {"values": {"2023": "9"}},
        },
    }
    assert keep(definition, data, YEARS) == {"name": "甲", "figures": {"output": {"values": {"2023": "1"}, "source": "局"}}}
    assert keep(definition, ["not", "an", "object"], YEARS) == {}


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ({}, "competition.form_malformed"),
        (form({"code": "A", "type": "text"}), "competition.form_malformed"),
        (form({"code": "a", "type": "choice"}), "competition.form_malformed"),
        (form({"code": "a", "type": "text"}, {"code": "a", "type": "text"}), "competition.form_code_twice"),
        (form(table({"code": "a", "computed": {"growth": "b"}}, {"code": "b"})), "competition.form_item_unknown"),
        (form(table({"code": "a", "at_most": "b"})), "competition.form_item_unknown"),
    ],
)
def test_a_malformed_definition_is_refused(definition, code):
    with pytest.raises(Refused) as refusal:
        check_definition(definition)
    assert refusal.value.reason.code == code


def test_the_default_form_is_sound_and_says_each_thing_in_both_languages():
    definition = yaml.safe_load((Path(__file__).parents[3] / "competition/formats/default_form.yaml").read_text("utf-8"))
    check_definition(definition)
    assert {field["type"] for field in fields(definition)} == {
        "undertaking",
        "attachment",
        "choice",
        "long_text",
        "text",
        "number",
        "credit_code",
        "table",
    }
    assert set(reported(definition, {}, YEARS).values()) == {None}
