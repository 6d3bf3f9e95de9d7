"""Bonus and veto rows of a rubric, as they are edited."""

import pytest

from evaluations.domain.rubric import read_rubric, weights_sum
from ledger.domain.reason import Refused

EXPERT = {"code": "A1", "name_zh": "甲", "name_en": "A", "kind": "expert", "weight": "100"}
BONUS = {"code": "F1", "name_zh": "乙", "name_en": "B", "kind": "bonus", "min": "-2", "max": "3.5", "step": "0.5", "given_by": "organiser"}
VETO = {"code": "V1", "name_zh": "丙", "name_en": "C", "kind": "veto", "given_by": "panel"}


def rubric(*rows):
    return [{"code": "D", "name_zh": "维度", "name_en": "Dimension", "criteria": list(rows)}]


def test_a_bonus_has_bounds_and_a_veto_nothing():
    _expert, bonus, veto = read_rubric(rubric(EXPERT, BONUS, VETO))[0]["criteria"]
    assert [bonus[name] for name in ("weight", "least", "maximum", "step", "missing")] == [None, -200, 350, 50, "exclude"]
    assert [veto[name] for name in ("weight", "least", "maximum", "step", "missing")] == [None, None, 100, 100, "required"]
    assert weights_sum(rubric(EXPERT, {**BONUS, "weight": "7"}, VETO)) == "100"


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ({**BONUS, "min": "0.5"}, "min_wrong", "F1.min"),
        ({**BONUS, "min": "-100.01"}, "min_wrong", "F1.min"),
        ({**BONUS, "max": "-1"}, "bonus_max_wrong", "F1.max"),
        ({**BONUS, "min": "0", "max": "0"}, "bonus_max_wrong", "F1.max"),
        ({**BONUS, "step": "4"}, "bonus_step_wrong", "F1.step"),
        ({**BONUS, "given_by": "lot"}, "giver_unknown", "F1.given_by"),
        ({**VETO, "missing": "zero"}, "veto_blank", "V1.missing"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(row, code, field):
    with pytest.raises(Refused) as refusal:
        read_rubric(rubric(EXPERT, row))
    assert (refusal.value.reason.code, refusal.value.field) == (f"evaluations.rubric_{code}", field)
