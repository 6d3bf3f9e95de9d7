from datetime import date

import pytest

from competition.domain.condition import MOST, NONE, Terms, checked
from ledger.domain.reason import Refused

TODAY = date(2026, 11, 28)
DUE = date(2027, 11, 30)


@pytest.mark.parametrize(
    "terms, field, code",
    [
        (Terms("", "Reach it.", DUE), "condition_zh", "competition.condition_text_missing"),
        (Terms(" ", "", DUE), "condition_zh", "competition.condition_text_missing"),
        (Terms("达" * (MOST + 1), "", DUE), "condition_zh", "competition.condition_text_long"),
        (Terms("达到。", "x" * (MOST + 1), DUE), "condition_en", "competition.condition_text_long"),
        (Terms("达到。", "", None), "condition_due", "competition.condition_due_missing"),
        (Terms("达到。", "", TODAY), "condition_due", "competition.condition_due_past"),
    ],
)
def test_half_a_condition_is_refused_at_its_field(terms, field, code):
    with pytest.raises(Refused) as refusal:
        checked(terms, today=TODAY)
    assert (refusal.value.field, [reason.code for reason in refusal.value.reasons]) == (field, [code])


def test_a_whole_one_comes_back_trimmed_and_an_empty_one_is_none():
    assert checked(Terms(" 产值达到 300 亿元。 ", " ", DUE), today=TODAY) == Terms("产值达到 300 亿元。", "", DUE)
    assert checked(Terms(" ", "", None), today=TODAY) == NONE
    assert (bool(NONE), bool(Terms("达到。", "", DUE))) == (False, True)
