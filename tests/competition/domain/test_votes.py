"""Rules without a score: a jury's vote."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.domain.advancement import Row, advance, parse_rule
from competition.domain.votes import Ballots, part_text
from ledger.domain.reason import Reason, Refused


def rule(quorum=1, majority="50", **rest):
    return {
        "take": {"vote": {"quorum": quorum, "majority": majority, **{key: rest.pop(key) for key in ("basis", "most") if key in rest}}}
    } | rest


def field(*ballots, **more):
    return [Row(name, None, ballots=Ballots(*numbers), **more) for name, numbers in zip("abcdefgh", ballots, strict=False)]


def outcomes(rows, data):
    found = advance(rows, data)
    return [found[row.entry].outcome for row in rows]


def test_exactly_half_is_no_majority_and_one_more_is():
    assert outcomes(field((8, 4, 4), (8, 5, 3), (9, 4, 4, 1), (9, 5, 4)), rule()) == ["eliminated", "advance", "eliminated", "advance"]


def test_two_thirds_must_be_exceeded():
    assert outcomes(field((9, 6, 3), (9, 7, 2), (10, 6, 3, 1)), rule(majority="2/3")) == ["eliminated", "advance", "eliminated"]


@pytest.mark.parametrize(("basis", "outcome"), [("cast", "advance"), ("present", "advance"), ("members", "eliminated")])
def test_the_basis_says_what_the_yes_votes_are_a_part_of(basis, outcome):
    """5 yes of 8 cast, of 9 handed in, of 11 who may vote."""
    assert outcomes(field((11, 5, 3, 1)), rule(basis=basis)) == [outcome]


def test_an_abstention_counts_where_every_ballot_does_and_only_there():
    assert [outcomes(field((7, 3, 2, 1)), rule(basis=basis)) for basis in ("cast", "present")] == [["advance"], ["eliminated"]]


@pytest.mark.parametrize(
    ("quorum", "undecided", "enough"),
    [(8, (12, 7), (12, 4, 3, 1)), ("2/3", (11, 7), (11, 6, 1, 1)), ("50", (9, 4), (9, 4, 0, 1)), ("100", (3, 2), (3, 2, 0, 1)), ("1/9999", (9,), (9, 1))],
)  # fmt: skip
def test_a_quorum_counts_abstentions_and_an_excused_member_not_at_all(quorum, undecided, enough):
    assert outcomes(field(undecided, enough), rule(quorum)) == ["undecided", "advance"]


def test_where_everybody_is_excused_or_abstains_nothing_is_carried():
    assert outcomes(field((0, 0, 0, 0, 5), (5, 0, 0, 5)), rule("50")) == ["undecided", "eliminated"]


def test_consensus_asks_the_whole_basis():
    rows = field((6, 6), (6, 5, 0, 1), (6, 5, 1), (6, 0, 0, 6))
    assert outcomes(rows, rule(majority="all")) == ["advance", "advance", "eliminated", "eliminated"]
    assert outcomes(rows, rule(majority="all", basis="present")) == ["advance", "eliminated", "eliminated", "eliminated"]
    found = advance(rows, rule(majority="all"))
    assert found["c"].reason == Reason(
        "competition.vote_short_all", {"voted": 6, "members": 6, "yes": 5, "no": 1, "abstain": 0, "basis": "cast"}
    )


@pytest.mark.parametrize(
    ("at_the_line", "expected"),
    [
        ("include", ["advance", "advance", "advance", "eliminated"]),
        ("exclude", ["advance", "eliminated", "eliminated", "eliminated"]),
        ("panel", ["advance", "undecided", "undecided", "eliminated"]),
    ],
)
def test_equals_at_the_most_go_as_the_line_says(at_the_line, expected):
    rows = field((9, 8), (9, 6, 3), (9, 6, 1, 2), (9, 5, 4))
    assert outcomes(rows, rule(most=2, at_the_line=at_the_line)) == expected


def test_the_most_goes_by_yes_votes_of_those_who_may_vote_and_never_past_a_majority():
    """8 of 11 before 8 of 12; 6 of 12 have no majority and stand behind 4 to 3."""
    rows = field((12, 9, 2, 1), (12, 8, 1, 3), (11, 8, 3, 0, 1), (12, 6, 6), (12, 4, 3, 1))
    found = advance(rows, rule(8, most=2, reserve=1))
    assert [found[row.entry].rank for row in rows] == [1, 3, 2, 5, 4]
    assert [found[row.entry].outcome for row in rows] == ["advance", "reserve", "advance", "eliminated", "eliminated"]
    assert found["e"].reason.code == "competition.vote_behind"
    assert {name: found["e"].reason.params[name] for name in ("rank", "of", "cut")} == {"rank": 4, "of": 5, "cut": 2}
    assert found["c"].reason.code == "competition.advance_vote_excused"


def test_reasons_say_the_counts():
    found = advance(field((12, 7, 2, 0, 1), (12, 4, 3), (12, 5, 5, 1)), rule(8, most=5))
    counts = {"voted": 9, "members": 12, "yes": 7, "no": 2, "abstain": 0, "basis": "cast", "majority": "50 %", "excused": 1}
    assert found["a"].reason == Reason("competition.advance_vote_excused", counts)
    assert found["b"].reason == Reason(
        "competition.vote_inquorate", {"voted": 7, "members": 12, "yes": 4, "no": 3, "abstain": 0, "quorum": 8}
    )
    assert found["c"].reason.code == "competition.vote_short"


def test_ranks_that_come_along_do_not_count_and_who_left_or_failed_a_veto_stays_out():
    rows = [
        Row("a", 1, ballots=Ballots(5, 1, 4)),
        Row("b", 2, flags=frozenset({"below_threshold"}), ballots=Ballots(5, 4, 1)),
        Row("c", 3, flags=frozenset({"ineligible"}), ballots=Ballots(5, 5)),
        Row("d", None, reason=Reason("competition.entry_withdrawn")),
        Row("e", 4),
    ]
    found = advance(rows, rule())
    assert [(found[row.entry].outcome, found[row.entry].rank) for row in rows] == [
        ("eliminated", 2),
        ("advance", 1),
        ("ineligible", None),
        ("undecided", None),
        ("undecided", None),
    ]
    assert [found[name].reason.code for name in "de"] == ["competition.entry_withdrawn", "competition.vote_absent"]


def test_caps_and_floors_hold_beside_a_vote_with_a_most_and_inside_tracks():
    rows = [
        Row("a", None, track="T", region="J", ballots=Ballots(9, 9)),
        Row("b", None, track="T", region="J", ballots=Ballots(9, 8, 1)),
        Row("c", None, track="T", region="Z", ballots=Ballots(9, 6, 3)),
        Row("d", None, track="U", region="Z", ballots=Ballots(9, 5, 4)),
        Row("e", None, track="U", region="Z", ballots=Ballots(9, 4, 5)),
    ]
    assert outcomes(rows, rule(caps=[{"by": "region", "max": 1}])) == ["advance", "eliminated", "advance"] + ["eliminated"] * 2
    assert outcomes(rows, rule(most=1, scope="track")) == ["advance", "eliminated", "eliminated", "advance", "eliminated"]
    floors = [{"by": "region", "value": "Z", "min": 2}]
    assert outcomes(rows, rule(most=3, floors=floors)) == ["advance", "eliminated", "advance", "advance", "eliminated"]
    with pytest.raises(Refused) as refused:
        advance(rows, rule(most=3, floors=[{"by": "region", "value": "Z", "min": 3}]))
    assert refused.value.reasons[0].code == "competition.floor_above_candidates"


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (rule(0), "rule_malformed", "take.vote.quorum"),
        (rule(True), "rule_malformed", "take.vote.quorum"),
        (rule(None), "rule_malformed", "take.vote.quorum"),
        (rule(2.5), "rule_malformed", "take.vote.quorum"),
        (rule("101"), "rule_malformed", "take.vote.quorum"),
        (rule("0"), "rule_malformed", "take.vote.quorum"),
        (rule("4/3"), "rule_malformed", "take.vote.quorum"),
        (rule("half"), "rule_malformed", "take.vote.quorum"),
        (rule("1/0"), "rule_malformed", "take.vote.quorum"),
        (rule(majority="100"), "rule_malformed", "take.vote.majority"),
        (rule(majority="0"), "rule_malformed", "take.vote.majority"),
        (rule(majority=None), "rule_malformed", "take.vote.majority"),
        (rule(majority="3/3"), "rule_malformed", "take.vote.majority"),
        (rule(basis="seats"), "rule_malformed", "take.vote.basis"),
        (rule(basis=["cast"]), "rule_malformed", "take.vote.basis"),
        (rule(most=0), "rule_malformed", "take.vote.most"),
        (rule(most="2"), "rule_malformed", "take.vote.most"),
        ({"take": {"vote": 8}}, "rule_malformed", "take.vote"),
        ({"take": {"vote": {"quorum": 1, "majority": "50", "colour": 1}}}, "rule_malformed", "take.vote"),
        ({"take": {"vote": {"quorum": 1, "majority": "50"}, "top": 3}}, "rule_malformed", "take"),
        (rule(reserve=2), "vote_with_reserve", None),
        (rule(floors=[{"by": "region", "value": "J", "min": 1}]), "vote_with_floors", None),
        (rule(most=2, floors=[{"by": "region", "value": "J", "min": 3}]), "floors_above_places", None),
    ],
)
def test_a_rule_that_cannot_work_is_refused_at_its_key(data, code, place):
    with pytest.raises(Refused) as refused:
        parse_rule(data)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.params.get("place")) == (f"competition.{code}", place)


def test_a_part_is_said_in_per_cent_where_that_is_exact():
    assert [part_text(Fraction(*part)) for part in ((1, 2), (2, 3), (1, 8))] == ["50 %", "2/3", "12.5 %"]


def test_a_line_is_drawn_only_where_there_is_a_most():
    assert [parse_rule(data).draws_line for data in (rule(), rule(most=3))] == [False, True]


def slow(papers, quorum, majority, basis, most, at_the_line):
    """Ballot by ballot: `papers` {entry: list of "yes", "no", "abstain", "" (not handed in), "excused"}."""
    shown = {}
    for entry, answers in papers.items():
        entitled = [answer for answer in answers if answer != "excused"]
        handed = [answer for answer in entitled if answer]
        least = quorum if isinstance(quorum, int) else quorum * len(entitled)
        if not handed or len(handed) < least:
            continue
        whole = {"cast": [a for a in handed if a != "abstain"], "present": handed, "members": entitled}[basis]
        yes = handed.count("yes")
        shown[entry] = yes > 0 and Fraction(yes, len(whole)) > majority, Fraction(yes, len(entitled))
    found = {}
    with_majority = [entry for entry, (carried, _part) in shown.items() if carried]
    for entry in papers:
        if entry not in shown:
            found[entry] = "undecided"
        elif entry not in with_majority:
            found[entry] = "eliminated"
        else:
            ahead = sum(shown[other][1] > shown[entry][1] for other in with_majority)
            level = sum(shown[other][1] == shown[entry][1] for other in with_majority)
            inside = most is None or ahead + level <= most
            behind = most is not None and ahead >= most
            found[entry] = (
                "advance" if inside else "eliminated" if behind else {"include": "advance", "exclude": "eliminated", "panel": "undecided"}[at_the_line]
            )  # fmt: skip
    return found


PAPER = st.sampled_from(["yes", "yes", "no", "abstain", "", "excused"])


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 8).flatmap(lambda size: st.lists(st.lists(PAPER, min_size=size, max_size=size), min_size=1, max_size=6)),
    st.sampled_from([1, 3, 5, "1/2", "2/3", "100"]),
    st.sampled_from(["1/3", "50", "2/3", "99.9"]),
    st.sampled_from(["cast", "present", "members"]),
    st.sampled_from([None, 1, 2, 3]),
    st.sampled_from(["include", "exclude", "panel"]),
)
def test_as_a_slow_count_of_every_ballot(papers, quorum, majority, basis, most, at_the_line):
    papers = dict(zip("abcdef", papers, strict=False))
    rows = [
        Row(
            entry,
            None,
            ballots=Ballots(
                sum(a != "excused" for a in answers), *(answers.count(a) for a in ("yes", "no", "abstain", "excused"))
            ),
        )
        for entry, answers in papers.items()
    ]  # fmt: skip
    found = advance(rows[::-1], rule(quorum, majority, basis=basis, most=most, at_the_line=at_the_line))
    part = {"100": Fraction(1), "50": Fraction(1, 2), "99.9": Fraction(999, 1000)}
    needed = quorum if isinstance(quorum, int) else part.get(quorum) or Fraction(quorum)
    expected = slow(papers, needed, part.get(majority) or Fraction(majority), basis, most, at_the_line)
    assert {entry: outcome.outcome for entry, outcome in found.items()} == expected


def test_every_small_ballot_on_one_entry_is_carried_as_counted_by_hand():
    for yes, no, abstain in product(range(4), repeat=3):
        ballots = Ballots(9, yes, no, abstain)
        outcome = outcomes([Row("a", None, ballots=ballots)], rule(4))[0]
        expected = "undecided" if yes + no + abstain < 4 else "advance" if yes > no else "eliminated"
        assert outcome == expected
