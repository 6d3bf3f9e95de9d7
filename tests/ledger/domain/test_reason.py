import json
import pickle
from fractions import Fraction

import pytest

from ledger.domain.reason import Reason, Refused


def test_reasons_are_equal_by_code_and_params_whatever_the_order_of_keys():
    one = Reason("app.noun_fault", {"a": 1, "b": ("x", 2)})
    other = Reason("app.noun_fault", {"b": ["x", 2], "a": 1})
    assert one == other
    assert len({one, other}) == 1
    assert one != Reason("app.noun_fault", {"a": 2, "b": ["x", 2]})
    assert one != Reason("app.noun_other", one.params)


def test_a_reason_survives_json():
    reason = Reason("app.noun_fault", {"value": Fraction(7, 2), "list": (1, None)})
    assert reason.params == {"value": "7/2", "list": [1, None]}
    assert Reason.from_json(json.loads(json.dumps(reason.as_json()))) == reason


def test_the_params_are_the_reasons_own():
    given = {"count": 3}
    reason = Reason("app.noun_fault", given)
    given["count"] = 4
    assert reason.params == {"count": 3}


def test_a_refusal_carries_its_reasons_and_field():
    first, second = Reason("app.noun_fault"), Reason("app.noun_other", {"n": 2})
    refusal = Refused(first, second, field="name")
    assert refusal.reasons == (first, second)
    assert refusal.reason == first
    assert refusal.field == "name"
    again = pickle.loads(pickle.dumps(refusal))
    assert (again.reasons, again.field) == (refusal.reasons, "name")


def test_a_refusal_without_a_reason_is_a_mistake():
    with pytest.raises(TypeError):
        Refused()
