import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.domain.advancement import Row, advance, parse_rule
from competition.domain.advancement_rule import refuse_beyond_tracks
from ledger.domain.reason import Reason, Refused


def field(*ranks, **columns):
    """Rows a, b, c … with these ranks; each column is a text with one letter per row, or a list."""
    names = "abcdefghijklmnopqrstuvwxyz"
    return [
        Row(
            names[place],
            rank,
            total=None if rank is None else Fraction(100 - rank),
            **{key: column[place] for key, column in columns.items()},
        )
        for place, rank in enumerate(ranks)
    ]


def outcomes(rows, **rule):
    return {entry: outcome.outcome for entry, outcome in advance(rows, rule).items()}


def short(rows, **rule):
    """One letter per row: A advance, R reserve, E eliminated, I ineligible, U undecided."""
    found = outcomes(rows, **rule)
    return "".join(found[row.entry][0].upper() for row in rows)


def reason(rows, entry, **rule):
    return advance(rows, rule)[entry].reason


def refusal(rows, **rule):
    with pytest.raises(Refused) as caught:
        advance(rows, rule)
    return caught.value.reason


def test_top_overall_with_reserve():
    rows = field(1, 2, 3, 4, 5, 6)
    assert short(rows, take={"top": 3}, reserve=2) == "AAARRE"
    assert reason(rows, "b", take={"top": 3}) == Reason("competition.advance_rank", {"rank": 2, "of": 6, "cut": 3})
    assert reason(rows, "e", take={"top": 3}, reserve=2) == Reason("competition.reserve", {"rank": 5, "of": 6, "number": 2})
    assert reason(rows, "f", take={"top": 3}, reserve=2) == Reason("competition.behind_cut", {"rank": 6, "of": 6, "cut": 3})


def test_top_by_track_with_a_number_for_the_others():
    rows = field(1, 2, 3, 4, 5, 6, 7, track="xxyxyyz", track_rank=[1, 2, 1, 3, 2, 3, 1])
    assert short(rows, take={"top": {"x": 2, "*": 1}}, scope="track", reserve=1) == "AAARREA"
    assert reason(rows, "e", take={"top": {"x": 2, "*": 1}}, reserve=1) == Reason(
        "competition.reserve_in_track", {"rank": 2, "of": 3, "track": "y", "number": 1}
    )


def test_track_ranks_that_are_not_given_are_counted():
    rows = field(1, 2, 3, 4, 5, track="xyyxx")
    assert short(rows, take={"top": 1}, scope="track") == "AAEEE"
    assert reason(rows, "e", take={"top": 1}, scope="track").params == {"rank": 3, "of": 3, "track": "x", "cut": 1}


def test_share_is_rounded_down_and_at_least_one():
    assert short(field(1, 2, 3, 4, 5, 6, 7), take={"share": "30"}) == "AAEEEEE"
    assert short(field(1, 2), take={"share": "30"}) == "AE"
    # Those below the threshold are ranked, so they count for the share, and never advance.
    rows = field(1, 2, 3, 4)
    rows[1] = Row("b", 2, flags=frozenset({"below_threshold"}))
    assert short(rows, take={"share": "50"}) == "AEAE"


def test_score_equal_passes():
    rows = field(10, 20, 21)
    assert short(rows, take={"score": "80"}) == "AAE"
    assert reason(rows, "c", take={"score": "80"}) == Reason("competition.below_score", {"rank": 21, "of": 3, "score": "80"})


def test_who_is_no_candidate():
    rows = [
        Row("a", 1),
        Row("b", 2, flags=frozenset({"below_threshold"}), reason=Reason("x.threshold")),
        Row("c", None, reason=Reason("x.figure_missing")),
        Row("d", None, flags=frozenset({"ineligible"}), reason=Reason("x.withdrawn")),
    ]
    assert short(rows, take={"top": 2}, reserve=2) == "AEUI"
    assert [reason(rows, entry, take={"top": 2}).code for entry in "bcd"] == ["x.threshold", "x.figure_missing", "x.withdrawn"]


@pytest.mark.parametrize(("at_the_line", "expected"), [("include", "AAAARE"), ("exclude", "AERRRE"), ("panel", "AUUURE")])
def test_equal_ranks_at_the_line(at_the_line, expected):
    rows = field(1, 2, 2, 2, 5, 6)
    if at_the_line == "exclude":
        # Nobody slips past; the equals are the next by rank, so they wait together, though the reserve is for one.
        assert short(rows, take={"top": 2}, at_the_line="exclude") == "AEEEEE"
        assert short(rows, take={"top": 2}, at_the_line="exclude", reserve=3) == "ARRREE"
        assert short(rows, take={"top": 2}, at_the_line="exclude", reserve=1) == "AEEEEE"
        assert reason(rows, "c", take={"top": 2}, at_the_line="exclude") == Reason(
            "competition.line_excluded", {"rank": 2, "of": 6, "places": 1, "tied": 3}
        )
    else:
        assert short(rows, take={"top": 2}, at_the_line=at_the_line, reserve=1) == expected


def test_caps_by_rank_and_the_next_moves_up():
    rows = field(1, 2, 3, 4, 5, 6, region="JJSJJZ")
    assert short(rows, take={"top": 4}, caps=[{"by": "region", "max": 2}], reserve=1) == "AAAEEA"
    assert reason(rows, "d", take={"top": 4}, caps=[{"by": "region", "max": 2}]) == Reason(
        "competition.cap_reached", {"rank": 4, "of": 6, "by": "region", "value": "J", "max": 2, "ranks": "1, 2"}
    )


def test_a_cap_on_one_value_leaves_the_others_alone():
    rows = field(1, 2, 3, 4, sector="XXYY")
    assert short(rows, take={"top": 3}, caps=[{"by": "sector", "value": "X", "max": 1}]) == "AEAA"


def test_a_cap_that_ends_inside_equals_is_never_exceeded():
    rows = field(1, 2, 2, 2, 5, region="JJJSZ")
    cap = [{"by": "region", "max": 2}]
    # S goes in whatever the panel decides of b and c, who hold one place together.
    assert short(rows, take={"top": 3}, caps=cap, at_the_line="include", reserve=1) == "AUUAR"
    assert reason(rows, "c", take={"top": 3}, caps=cap, at_the_line="include") == Reason(
        "competition.cap_inside_tie", {"rank": 2, "of": 5, "by": "region", "value": "J", "max": 2, "left": 1, "tied": 2}
    )
    assert short(rows, take={"top": 3}, caps=cap, at_the_line="exclude") == "AEEAA"


def test_caps_hold_over_all_tracks_in_the_order_of_the_overall_rank():
    rows = field(1, 2, 3, 4, track="xyxy", track_rank=[1, 1, 2, 2], region="JJSZ")
    assert short(rows, take={"top": 1}, scope="track", caps=[{"by": "region", "max": 1}]) == "AEEA"


def test_floors_come_first_and_count():
    rows = field(1, 2, 3, 4, 5, 6, macro_region="eeeeww")
    floor = [{"by": "macro_region", "value": "w", "min": 1}]
    assert short(rows, take={"top": 3}, floors=floor, reserve=1) == "AARE" + "AE"
    assert reason(rows, "e", take={"top": 3}, floors=floor) == Reason(
        "competition.advance_floor", {"rank": 5, "of": 6, "by": "macro_region", "value": "w", "least": 1}
    )


def test_a_floor_that_ends_inside_equals_who_are_in_anyway():
    rows = field(1, 1, 3, 4, macro_region="wwee")
    assert short(rows, take={"top": 2}, floors=[{"by": "macro_region", "value": "w", "min": 1}]) == "AAEE"


@pytest.mark.parametrize(("at_the_line", "expected"), [("include", "AEEAAE"), ("panel", "AEEUUE"), ("exclude", "AEEEEE")])
def test_a_floor_that_ends_inside_equals_behind_the_cut(at_the_line, expected):
    rows = field(1, 2, 3, 4, 4, 6, macro_region="eeewwe")
    assert short(rows, take={"top": 2}, floors=[{"by": "macro_region", "value": "w", "min": 1}], at_the_line=at_the_line) == expected


def test_reserves_wait_under_the_same_caps():
    rows = field(1, 2, 3, 4, region="JSJZ")
    assert short(rows, take={"top": 2}, caps=[{"by": "region", "max": 1}], reserve=1) == "AAER"


def test_impossible_rules_are_refused_with_their_numbers():
    rows = field(1, 2, 3, macro_region="wee", region="JSZ")
    floor = {"by": "macro_region", "value": "w", "min": 2}
    assert refusal(rows, take={"top": 3}, floors=[floor]) == Reason(
        "competition.floor_above_candidates", {"by": "macro_region", "value": "w", "least": 2, "count": 1}
    )
    assert refusal(rows, take={"top": 1}, floors=[floor]) == Reason(
        "competition.floors_above_places", {"by": "macro_region", "least": 2, "places": 1}
    )
    assert refusal(rows, take={"top": 3}, floors=[floor], caps=[{"by": "macro_region", "max": 1}]) == Reason(
        "competition.floor_above_cap", {"by": "macro_region", "value": "w", "least": 2, "most": 1}
    )
    assert refusal(field(1, 2, 3), take={"top": 1}, caps=[{"by": "region", "max": 1}]) == Reason(
        "competition.attribute_missing", {"by": "region", "count": 3, "of": 3}
    )


def test_a_floor_that_other_caps_put_out_of_reach():
    rows = field(1, 2, 3, macro_region="wwe", region="JJS")
    floor = [{"by": "macro_region", "value": "w", "min": 2}]
    assert refusal(rows, take={"top": 3}, floors=floor, caps=[{"by": "region", "max": 1}], at_the_line="panel") == Reason(
        "competition.floor_out_of_reach", {"by": "macro_region", "value": "w", "least": 2, "count": 1}
    )


def test_ranks_inside_a_track_must_agree_with_the_overall_ones():
    rows = field(1, 2, track="xx", track_rank=[2, 1])
    assert refusal(rows, take={"top": 1}, scope="track").code == "competition.ranks_disagree"


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({}, "take"),
        ({"take": {"top": 3, "share": "30"}}, "take"),
        ({"take": {"top": 0}}, "take.top"),
        ({"take": {"top": True}}, "take.top"),
        ({"take": {"top": {}}}, "take.top"),
        ({"take": {"share": "130"}}, "take.share"),
        ({"take": {"score": "high"}}, "take.score"),
        ({"take": {"top": 3}, "scope": "all"}, "scope"),
        ({"take": {"top": 3}, "at_the_line": "lot"}, "at_the_line"),
        ({"take": {"top": 3}, "reserves": 2}, "rule"),
        ({"take": {"top": 3}, "reserve": -1}, "reserve"),
        ({"take": {"top": 3}, "caps": [{"by": "colour", "max": 1}]}, "caps.0.by"),
        ({"take": {"top": 3}, "caps": [{"by": "region"}]}, "caps.0.max"),
        ({"take": {"top": 3}, "floors": [{"by": "region", "min": 1}]}, "floors.0.value"),
        ({"take": {"top": 3}, "substitute": "yes"}, "substitute"),
    ],
)
def test_a_malformed_rule_names_its_place(rule, place):
    with pytest.raises(Refused) as caught:
        parse_rule(rule)
    assert caught.value.reason.code == "competition.rule_malformed"
    assert caught.value.reason.params["place"] == place


# ---------------------------------------------------------------- properties
@st.composite
def fields(draw):
    size = draw(st.integers(1, 14))
    totals = draw(st.lists(st.integers(60, 68), min_size=size, max_size=size))
    tracks = draw(st.lists(st.sampled_from("xy"), min_size=size, max_size=size))
    rows = []
    for place, (total, track) in enumerate(zip(totals, tracks, strict=True)):
        rows.append(
            Row(
                f"e{place:02}",
                1 + sum(other > total for other in totals),
                track=track,
                track_rank=1 + sum(other > total and where == track for other, where in zip(totals, tracks, strict=True)),
                total=Fraction(total),
                flags=frozenset(draw(st.sampled_from([(), (), (), ("below_threshold",), ("ineligible",)]))),
                region=draw(st.sampled_from("JSZ")),
                macro_region=draw(st.sampled_from("ew")),
                sector=draw(st.sampled_from("PQ")),
                group=draw(st.sampled_from("12")),
            )
        )
    return rows


@st.composite
def rules(draw):
    rule = {
        "take": draw(
            st.one_of(
                st.builds(lambda number: {"top": number}, st.integers(1, 9)),
                st.builds(lambda number: {"share": str(number)}, st.integers(1, 100)),
                st.builds(lambda number: {"top": {"x": number, "*": 2}}, st.integers(0, 4)),
            )
        ),
        "scope": draw(st.sampled_from(["overall", "track", "group"])),
        "caps": draw(
            st.lists(
                st.sampled_from([{"by": "region", "max": 2}, {"by": "region", "value": "J", "max": 1}, {"by": "sector", "max": 3}]),
                max_size=2,
            )
        ),
        "floors": draw(st.sampled_from([[], [], [{"by": "macro_region", "value": "w", "min": 2}]])),
        "reserve": draw(st.integers(0, 3)),
        "at_the_line": draw(st.sampled_from(["include", "exclude", "panel"])),
    }
    return rule


def test_the_same_cap_written_twice_is_one():
    """Counted twice it hid that the number ends inside the others of equal rank."""
    rows = [Row(f"e{place:02}", 1, region="J" if place < 3 else "S") for place in range(5)]
    cap = {"by": "region", "value": "J", "max": 1}
    rule = {"take": {"top": 1}, "scope": "overall", "at_the_line": "exclude"}
    once, twice = (advance(rows, rule | {"caps": [cap] * number}) for number in (1, 2))
    assert {entry: row.outcome for entry, row in twice.items()} == dict.fromkeys((row.entry for row in rows), "eliminated")
    assert {entry: (row.outcome, row.reason) for entry, row in once.items()} == {e: (r.outcome, r.reason) for e, r in twice.items()}


@settings(deadline=None, max_examples=300)
@given(fields(), rules(), st.randoms(use_true_random=False))
def test_properties(rows, rule, random):
    try:
        found = advance(rows, rule)
    except Refused:
        return
    by_outcome = {outcome: [row for row in rows if found[row.entry].outcome == outcome] for outcome in ("advance", "reserve", "undecided")}
    assert set(found) == {row.entry for row in rows}

    parsed = parse_rule(rule)
    for race in {parsed.race(row) for row in rows}:
        ranked = sum(parsed.race(row) == race and "ineligible" not in row.flags for row in rows)
        places = parsed.places(race[0], ranked)
        inside = sum(parsed.race(row) == race for row in by_outcome["advance"])
        assert inside <= places or rule["at_the_line"] == "include"

    for cap in parsed.caps:
        for chosen in (by_outcome["advance"], by_outcome["advance"] + by_outcome["reserve"]):
            for value in {getattr(row, cap.by) for row in chosen}:
                if cap.value in (None, value):
                    assert sum(getattr(row, cap.by) == value for row in chosen) <= cap.most

    assert not any(row.flags & {"below_threshold", "ineligible"} for row in by_outcome["advance"])

    if not parsed.caps and not parsed.floors and not parsed.inside:
        fates = {}
        for row in rows:
            if not row.flags:
                fates.setdefault(row.rank, set()).add(found[row.entry].outcome)
        assert all(len(fate) == 1 for fate in fates.values())

    shuffled = random.sample(rows, len(rows))
    assert advance(shuffled, rule) == found


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.sampled_from("JSZ"), st.sampled_from("ew")), min_size=1, max_size=12), st.integers(1, 8), st.integers(1, 3))
def test_without_ties_places_are_filled_and_floors_are_met(kinds, number, least):
    rows = [Row(f"e{place:02}", place + 1, region=region, macro_region=macro) for place, (region, macro) in enumerate(kinds)]
    plain = advance(rows, {"take": {"top": number}})
    assert [row.entry for row in rows if plain[row.entry].outcome == "advance"] == [row.entry for row in rows[:number]]

    rule = {"take": {"top": number}, "floors": [{"by": "macro_region", "value": "w", "min": least}], "reserve": 2}
    west = [row for row in rows if row.macro_region == "w"]
    if least > min(number, len(rows), len(west)) or least > number:
        with pytest.raises(Refused):
            advance(rows, rule)
        return
    found = advance(rows, rule)
    chosen = [row for row in rows if found[row.entry].outcome == "advance"]
    assert len(chosen) == min(number, len(rows))
    assert set(west[:least]) <= set(chosen)
    # The others are simply the best of the rest.
    rest = [row for row in rows if row not in west[:least]]
    assert chosen == sorted(west[:least] + rest[: len(chosen) - least], key=lambda row: row.rank)
    waiting = [row for row in rows if found[row.entry].outcome == "reserve"]
    assert waiting == [row for row in rows if row not in chosen][:2]


def test_a_large_field_takes_no_time():
    rows = [
        Row(f"e{place:04}", 1 + place // 2 * 2, region=f"r{place % 31}", macro_region="w" if place % 3 else "e") for place in range(2000)
    ]
    rule = {
        "take": {"share": "40"},
        "caps": [{"by": "region", "max": 20}],
        "floors": [{"by": "macro_region", "value": "e", "min": 50}],
        "reserve": 30,
    }
    begun = time.process_time()
    found = advance(rows, rule)
    assert time.process_time() - begun < 2
    assert sum(outcome.outcome == "advance" for outcome in found.values()) <= 31 * 20


@pytest.mark.parametrize(
    ("rule", "tracks", "refusal"),
    [
        (
            {"take": {"top": {"x": 4, "*": 3}}, "floors": [{"by": "track", "value": "y", "min": 4}]},
            ["x", "y", "z"],
            Reason("competition.floor_above_track", {"by": "track", "value": "y", "least": 4, "places": 3}),
        ),
        (
            {"take": {"top": 2}, "scope": "track", "floors": [{"by": "region", "value": v, "min": 3} for v in "JZS"]},
            ["x", "y", "z"],
            Reason("competition.floors_above_places", {"by": "region", "least": 9, "places": 6}),
        ),
        (
            {"take": {"share": "30"}, "caps": [{"by": "sector", "max": 0}]},
            ["x"],
            Reason("competition.cap_shuts_all", {"by": "sector"}),
        ),
        ({"take": {"top": {"x": 4, "*": 3}}, "floors": [{"by": "track", "value": "x", "min": 4}]}, ["x", "y"], None),
        ({"take": {"share": "30"}, "scope": "track", "floors": [{"by": "region", "value": "J", "min": 99}]}, ["x"], None),
    ],
)
def test_what_cannot_work_in_these_tracks(rule, tracks, refusal):
    if refusal is None:
        refuse_beyond_tracks(parse_rule(rule), tracks)
        return
    with pytest.raises(Refused) as refused:
        refuse_beyond_tracks(parse_rule(rule), tracks)
    assert refused.value.reasons == (refusal,)
