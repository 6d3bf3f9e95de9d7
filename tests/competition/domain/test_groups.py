import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.domain.advancement import Row, advance
from competition.domain.groups import Card, Grouping, draw, groups_for, may_take, parse_grouping, ranks_inside
from ledger.domain.reason import Reason, Refused

SEED = "a seed that was committed"


def cards(regions, track="x", first=1):
    """One entry per letter: its region."""
    return [Card(str(first + place), track, region) for place, region in enumerate(regions)]


def test_the_lot_is_the_order_of_hashes_dealt_round_and_round():
    """By hand: two groups of seven entries; the order is that of SHA-256 of "seed|group|entry"."""
    found = draw(cards("JJJJJJJ"), Grouping(4, "lot"), SEED)
    order = sorted((str(entry) for entry in range(1, 8)), key=lambda entry: hashlib.sha256(f"{SEED}|group|{entry}".encode()).hexdigest())
    assert [found[entry] for entry in order] == [1, 2, 1, 2, 1, 2, 1]
    assert draw(reversed(cards("JJJJJJJ")), Grouping(4, "lot"), SEED) == found
    assert any(draw(cards("JJJJJJJ"), Grouping(4, "lot"), f"{SEED}{n}") != found for n in range(3))


@pytest.mark.parametrize("how", ["dealt", "lot"])
@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("JSZGN")), max_size=40),
    st.integers(2, 9),
    st.text(max_size=8),
    st.randoms(use_true_random=False),
)
def test_properties(how, field, most, seed, random):
    field = [Card(str(place), track, region) for place, (track, region) in enumerate(field)]
    found = draw(field, Grouping(most, how), seed)
    shuffled = random.sample(field, len(field))
    assert draw(shuffled, Grouping(most, how), seed) == found and set(found) == {card.entry for card in field}
    for track in {card.track for card in field}:
        own = [card for card in field if card.track == track]
        sizes = Counter(found[card.entry] for card in own)
        count = groups_for(len(own), most)
        assert set(sizes) == set(range(1, count + 1)) and max(sizes.values()) <= most
        assert max(sizes.values()) - min(sizes.values()) <= 1
        for region in {card.region for card in own} if how == "dealt" else ():
            spread = Counter({number: 0 for number in sizes} | Counter(found[card.entry] for card in own if card.region == region))
            assert max(spread.values()) - min(spread.values()) <= 1
        # The other tracks have no part in it.
        assert draw(own, Grouping(most, how), seed) == {card.entry: found[card.entry] for card in own}


def test_a_track_that_one_panel_can_read_is_one_group():
    assert set(draw(cards("JSZGN"), Grouping(5), SEED).values()) == {1}
    assert Counter(draw(cards("JSZGNB"), Grouping(5), SEED).values()) == {1: 3, 2: 3}


@pytest.mark.parametrize(
    ("value", "field"),
    [({"most": 1}, "group_most"), ({"most": True}, "group_most"), ({"how": "lot"}, "group_most"), ({"most": 501}, "group_most")]
    + [({"most": 8, "how": "snake"}, "group_how"), ({"most": 8, "why": "x"}, "group_how")],
)
def test_a_grouping_that_is_none_is_refused_at_its_field(value, field):
    with pytest.raises(Refused) as refusal:
        parse_grouping(value)
    assert refusal.value.field == field


def test_what_a_group_may_take():
    assert [may_take({1: 4, 2: 3}, group, 4) for group in (1, 2)] == [False, True]
    assert [may_take({1: 4, 2: 5, 3: 4}, group, 4) for group in (1, 2, 3)] == [True, False, True]


def test_ranks_inside_a_group_are_shared_as_overall_ones_are():
    ranks = {"a": 1, "b": 2, "c": 2, "d": 4, "e": 5, "f": None, "g": 6}
    groups = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "1", "f": "1"}
    assert ranks_inside(ranks, groups) == {"a": 1, "b": 2, "c": 2, "d": 1, "e": 4}


def field(ranks, tracks, groups):
    names = "abcdefghijklmnopqrstuvwxyz"
    return [Row(names[place], rank, track=tracks[place].strip("-"), group=groups[place].strip("-")) for place, rank in enumerate(ranks)]


def fates(rows, **rule):
    found = advance(rows, rule)
    return "".join(found[row.entry].outcome[0].upper() for row in rows)


def test_each_group_of_a_track_has_its_own_places_and_reserves():
    rows = field(range(1, 9), "xxxxxyyy", "11212112")
    assert fates(rows, take={"top": 1}, scope="group", reserve=1) == "ARAERARA"
    found = advance(rows, {"take": {"top": 1}, "scope": "group", "reserve": 1})
    assert found["b"].reason == Reason("competition.reserve_in_group", {"rank": 2, "of": 3, "group": "1", "track": "x", "number": 1})
    assert found["d"].reason == Reason("competition.behind_cut_in_group", {"rank": 3, "of": 3, "group": "1", "track": "x", "cut": 1})


def test_a_number_by_track_holds_for_each_of_its_groups():
    rows = field(range(1, 9), "xxxxxyyy", "11112222")
    assert fates(rows, take={"top": {"x": 2, "*": 1}}, scope="group") == "AAEEAAEE"
    assert fates(rows, take={"top": {"x": 2, "*": 1}}, scope="track") == "AAEEEAEE"


def test_a_share_is_taken_of_each_group_and_is_at_least_one():
    rows = field(range(1, 9), "xxxxxxxx", "11111222")
    assert fates(rows, take={"share": "40"}, scope="group") == "AAEEEAEE"


@pytest.mark.parametrize(("line", "expected"), [("include", "AAAEA"), ("exclude", "AEEEA"), ("panel", "AUUEA")])
def test_equal_ranks_at_the_line_of_a_group(line, expected):
    rows = field([1, 2, 2, 4, 5], "-----", "11112")
    assert fates(rows, take={"top": 2}, scope="group", at_the_line=line) == expected
    code = {"include": "advance_rank", "exclude": "line_excluded", "panel": "line_panel"}[line]
    why = advance(rows, {"take": {"top": 2}, "scope": "group", "at_the_line": line})["c"].reason
    assert why.code == f"competition.{code}_in_group_alone" and (why.params["group"], why.params["rank"]) == ("1", 2)


def test_caps_hold_for_all_groups_together_and_the_next_of_the_group_moves_up():
    rows = [
        Row(row.entry, row.rank, group=row.group, region=region)
        for row, region in zip(field(range(1, 7), "------", "112212"), "JJJSSS", strict=True)
    ]
    assert fates(rows, take={"top": 1}, scope="group", caps=[{"by": "region", "max": 1}]) == "AEEAEE"
    assert fates(rows, take={"top": 1}, scope="group", caps=[{"by": "region", "max": 2}]) == "AEAEEE"


def test_an_entry_in_no_group_races_by_itself_and_ranks_that_contradict_are_refused():
    assert fates(field([1, 2, 3], "xxx", "1-1"), take={"top": 1}, scope="group") == "AAE"
    rows = [Row("a", 1, group="1", group_rank=2), Row("b", 2, group="1", group_rank=1)]
    with pytest.raises(Refused) as refusal:
        advance(rows, {"take": {"top": 1}, "scope": "group"})
    assert refusal.value.reason.code == "competition.group_ranks_disagree"
