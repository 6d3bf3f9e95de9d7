from copy import deepcopy
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from competition.domain.formats import check_format
from ledger.domain.reason import Refused

FORMATS = Path(__file__).parents[3] / "competition/formats"
FORMS = {"default_form": yaml.safe_load((FORMATS / "default_form.yaml").read_text("utf-8"))}
DEFAULT = yaml.safe_load((FORMATS / "default.yaml").read_text("utf-8"))


def test_the_default_is_sound():
    check_format(DEFAULT, FORMS)
    assert [row["code"] for row in DEFAULT["rounds"]] == ["preliminary", "final"]


def test_the_default_rubric_is_the_proposed_one():
    dimensions = DEFAULT["rubrics"]["default"]["dimensions"]
    assert {d["code"]: sum(Fraction(c.get("weight", 0)) for c in d["criteria"]) for d in dimensions} == {
        "A": 25,
        "B": 25,
        "C": 20,
        "D": 15,
        "E": 15,
        "F": 0,
        "V": 0,
    }
    kinds = {c["code"]: c["kind"] for d in dimensions for c in d["criteria"]}
    assert [code for code, kind in kinds.items() if kind == "metric"] == ["A1", "A2", "A4", "A5", "B1", "B2", "B3", "C1", "C4", "C5", "D1"]
    assert [code for code, kind in kinds.items() if kind == "mixed"] == ["A3", "A6", "D3", "E1", "E2"]
    assert [code for code, kind in kinds.items() if kind == "expert"] == ["B4", "B5", "C2", "C3", "D2", "D4", "E3", "E4"]
    bonuses = [c for d in dimensions for c in d["criteria"] if c["kind"] == "bonus"]
    assert [(c["code"], c["min"], c["max"]) for c in bonuses] == [("F1", "0", "3"), ("F2", "0", "2"), ("F3", "-2", "0"), ("F4", "-3", "0")]
    assert [code for code, kind in kinds.items() if kind == "veto"] == ["V1", "V2", "V3", "V4"]
    assert DEFAULT["schemes"]["default"]["bonus_cap"] == ["-5", "5"]


def last(data, dimension):
    return data["rubrics"]["default"]["dimensions"][dimension]["criteria"][-1]


def criterion(data, place):
    return data["rubrics"]["default"]["dimensions"][0]["criteria"][place]


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda data: data.pop("level"), "competition.format_malformed"),
        (lambda data: data["rounds"][0].update(form="other"), "competition.format_malformed"),
        (lambda data: data["rounds"].append(data["rounds"][0]), "competition.format_malformed"),
        (lambda data: criterion(data, 0).pop("function"), "competition.format_malformed"),
        (lambda data: criterion(data, 2).update(function={"linear": {}}), "competition.format_malformed"),
        (lambda data: criterion(data, 0).update(weight="7"), "competition.weights_off"),
        (lambda data: criterion(data, 0).update(data_item="moon"), "competition.form_item_unknown"),
        (lambda data: last(data, -1).update(weight="1"), "competition.format_malformed"),
        (lambda data: last(data, -1).update(min="-1"), "competition.format_malformed"),
        (lambda data: last(data, -2).pop("given_by"), "competition.format_malformed"),
        (lambda data: data["rounds"][1].update(advancement={"take": {"top": -1}}), "competition.rule_malformed"),
    ],
)
def test_a_broken_one_is_refused(break_it, code):
    data = deepcopy(DEFAULT)
    break_it(data)
    with pytest.raises(Refused) as refusal:
        check_format(data, FORMS)
    assert refusal.value.reason.code == code
