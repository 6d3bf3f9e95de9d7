import random
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain import canonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=12,
)


def test_keys_are_sorted_and_characters_stay():
    assert canonical.encode({"b": [1, None, True], "a": "集群 é\n", "B": {}}) == '{"B":{},"a":"集群 é\\n","b":[1,null,true]}'.encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("7.50"), '"7.50"'),
        (Fraction(1, 3), '"1/3"'),
        (date(2026, 3, 1), '"2026-03-01"'),
        (datetime(2026, 3, 1, 8, 5, tzinfo=timezone(timedelta(hours=8))), '"2026-03-01T00:05:00.000000Z"'),
        (datetime(2026, 3, 1, 0, 5, 0, 70, tzinfo=UTC), '"2026-03-01T00:05:00.000070Z"'),
        (UUID(int=5), '"00000000-0000-0000-0000-000000000005"'),
        ((3, 1, 2), "[3,1,2]"),
        ({3, 1, 2}, "[1,2,3]"),
        ({7: "x"}, '{"7":"x"}'),
        (True, "true"),
        (10**30, "1" + "0" * 30),
    ],
)
def test_every_kind_of_value_has_one_spelling(value, text):
    assert canonical.text(value) == text


@pytest.mark.parametrize("value", [0.5, float("nan"), object(), b"x", {None: 1}, {True: 1}, {"a": [1.0]}])
def test_what_has_no_one_spelling_is_refused(value):
    with pytest.raises(TypeError):
        canonical.text(value)


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        canonical.text(datetime(2026, 3, 1))


@given(VALUES)
def test_text_is_read_back_as_the_same_value(value):
    assert canonical.parse(canonical.text(value)) == value


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(), min_size=2), st.randoms())
def test_the_order_of_keys_changes_nothing(value, shuffle: random.Random):
    items = list(value.items())
    shuffle.shuffle(items)
    assert canonical.encode(dict(items)) == canonical.encode(value)


@pytest.mark.parametrize(
    "source", ['{"a": 1}', '{"b":1,"a":1}', '{"a":1,"a":1}', "1.0", "NaN", '"\\u4e2d"', "", "nul", "[" * 100_000, None, 5]
)
def test_any_other_spelling_is_not_read(source):
    with pytest.raises(ValueError):
        canonical.parse(source)
