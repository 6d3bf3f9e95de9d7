"""Groups of a round: drawn from the committed seed, changed by hand, fixed by the first seat."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.permissions import NotAllowed
from competition.domain.groups import Card, Grouping, draw
from competition.services.entries import withdraw_entry
from evaluations.models import Assignment
from evaluations.selectors import groups as selectors
from evaluations.services.assignments import assign
from evaluations.services.groups import draw_groups, move_entry
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import make_user
from tests.factories.competition import make_application
from tests.factories.evaluations import make_assignment
from tests.factories.grouped import LATER, Grouped

pytestmark = pytest.mark.django_db


def token(scene):
    return selectors.token_of(selectors.content_of(scene.round), scene.round.group_draws.count())


def drawn(scene, **given):
    return draw_groups(scene.round, **{"shown": token(scene), "actor": scene.organiser, "at": LATER} | given)


def move(scene, place, **given):
    entry = scene.entries[place]
    return move_entry(entry, **{"reason": "同一实验室的两家分开", "actor": scene.organiser, "at": LATER} | given)


def refusal(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def codes(act):
    return [reason.code for reason in refusal(act).reasons]


def test_the_draw_is_the_seeds_and_whoever_has_both_can_count_it_again():
    scene = Grouped()
    made = drawn(scene)
    cards = [Card(str(entry.pk), entry.track.code, entry.application.cluster.lead_region_id) for entry in scene.entries]
    expected = draw(cards, Grouping(4), scene.round.seed)
    assert scene.groups() == [expected[card.entry] for card in cards]
    assert [row[3] for row in made.content] == scene.groups()
    assert Counter(scene.groups()[:7]) in (Counter({1: 4, 2: 3}), Counter({1: 3, 2: 4})) and set(scene.groups()[7:]) == {1}
    assert selectors.holds(made, scene.round.seed)
    assert not all(selectors.holds(made, f"another seed {number}") for number in range(12))  # one may deal the same by chance
    record = Record.objects.get(action="round.draw_groups")
    assert record.after["digest"] == made.digest and record.after["entries"] == 11
    assert record.after["sizes"] == {"first": [4, 3], "second": [4]}
    assert scene.round.seed not in str(record.after) and len(record.after["seed_sha256"]) == 64


def test_drawn_again_it_comes_out_the_same_and_takes_back_what_was_moved():
    scene = Grouped()
    drawn(scene)
    before = scene.groups()
    small = 1 + (Counter(before[:7])[2] == 3)
    place = next(place for place in range(7) if before[place] != small)
    move(scene, place, group=small)
    assert scene.groups() != before
    assert drawn(scene).number == 2 and scene.groups() == before


def test_two_organisers_at_once_draw_once():
    scene = Grouped()
    shown = token(scene)
    drawn(scene)
    assert codes(lambda: drawn(scene, shown=shown)) == ["evaluations.groups_drawn_meanwhile"]
    assert scene.round.group_draws.count() == 1


def test_entries_that_changed_since_the_page_was_shown_refuse_the_draw_with_the_numbers():
    scene = Grouped()
    shown = token(scene)
    withdraw_entry(scene.entries[2], reason="申请单位撤回", actor=scene.organiser, at=LATER)
    found = refusal(lambda: drawn(scene, shown=shown))
    assert [(reason.code, dict(reason.params)) for reason in found.reasons] == [
        ("evaluations.groups_entries_changed", {"before": "11", "count": 10})
    ]
    assert drawn(scene).digest and scene.groups()[2] is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda scene: setattr(scene.round, "groups", None), "evaluations.round_without_groups"),
        (lambda scene: setattr(scene.round, "groups", {"most": 4, "how": "hand"}), "evaluations.groups_by_hand"),
        (lambda scene: setattr(scene.round, "state", "closed"), "evaluations.round_not_open"),
        (lambda scene: [setattr(scene.round, "state", "open"), setattr(scene.round, "intake_closes", LATER + timedelta(1))],
         "evaluations.groups_intake_open"),
        (lambda scene: make_application(scene.round, make_user(), state="returned"), "competition.applications_unanswered"),
        (lambda scene: make_assignment(scene.entries[3], scene.judge(), state="waived"), "evaluations.groups_fixed"),
        (lambda scene: scene.round.entries.update(state="withdrawn"), "evaluations.groups_of_nobody"),
    ],
)  # fmt: skip
def test_what_stands_against_a_draw(change, code):
    scene = Grouped()
    change(scene)
    scene.round.save()
    assert codes(lambda: drawn(scene)) == [code]
    assert not scene.round.group_draws.exists()


def test_only_an_organiser_draws_and_moves():
    scene = Grouped(judges=1)
    for act in (lambda: drawn(scene, actor=scene.judges[0].user), lambda: move(scene, 0, group=1, actor=scene.judges[0].user)):
        with pytest.raises(NotAllowed):
            act()


def test_by_hand_an_entry_goes_where_there_is_room_or_in_exchange_with_a_reason():
    scene = Grouped()
    assert codes(lambda: move(scene, 0, group=1)) == ["evaluations.groups_not_drawn"]
    drawn(scene)
    before = scene.groups()
    full = 1 if Counter(before[:7])[1] == 4 else 2
    small = 3 - full
    inside, outside = (next(place for place in range(7) if before[place] == group) for group in (full, small))
    found = refusal(lambda: move(scene, outside, group=full))
    assert (found.field, found.reason.code, found.reason.params["most"]) == ("to", "evaluations.group_full", 4)
    assert refusal(lambda: move(scene, inside, group=small, reason=" ")).field == "reason"
    assert codes(lambda: move(scene, inside, group=3)) == ["evaluations.group_unknown"]
    assert codes(lambda: move(scene, inside, exchange=scene.entries[8])) == ["evaluations.group_unknown"]
    move(scene, outside, exchange=scene.entries[inside])
    after = scene.groups()
    assert (after[inside], after[outside]) == (small, full)
    assert [group for place, group in enumerate(after) if place not in (inside, outside)] == [
        group for place, group in enumerate(before) if place not in (inside, outside)
    ]
    records = list(Record.objects.filter(action="entry.group").order_by("pk"))
    assert [(record.subject, record.before, record.after) for record in records] == [
        (f"entry:{scene.entries[inside].pk}", {"group": full}, {"group": small, "exchange": scene.entries[outside].pk}),
        (f"entry:{scene.entries[outside].pk}", {"group": small}, {"group": full, "exchange": scene.entries[inside].pk}),
    ]
    assert "实验室" not in str(records[0].after) and records[0].texts() == {"reason": "同一实验室的两家分开"}


def test_the_first_seat_fixes_the_groups_and_a_late_entry_is_placed_before_it_is_assigned():
    scene = Grouped(judges=2)
    judge, other = scene.judges
    found = refusal(lambda: assign(scene.entries[0], evaluator=judge, actor=scene.organiser, at=LATER))
    assert [reason.code for reason in found.reasons] == ["evaluations.entry_without_group"]
    drawn(scene)
    assign(scene.entries[0], evaluator=judge, actor=scene.organiser, at=LATER)
    assert codes(lambda: move(scene, 1, group=1)) == ["evaluations.groups_fixed"]
    assert codes(lambda: drawn(scene)) == ["evaluations.groups_fixed"]
    late = scene.enter(scene.second)
    scene.entries.append(late)
    assert codes(lambda: assign(late, evaluator=other, actor=scene.organiser, at=LATER)) == ["evaluations.entry_without_group"]
    # Five entries are to be in two groups of at most four; a group of one is a choice, not a need.
    move(scene, 11, group=2, reason="补录")
    assign(late, evaluator=other, actor=scene.organiser, at=LATER)
    assert scene.groups()[-1] == 2 and Assignment.objects.count() == 2
    assert codes(lambda: move(scene, 11, group=1)) == ["evaluations.groups_fixed"]


def test_set_by_hand_every_entry_is_placed_without_a_draw():
    scene = Grouped(how="hand", second=0, first=3, most=2)
    for place, group in enumerate((2, 1, 2)):
        move(scene, place, group=group)
    assert scene.groups() == [2, 1, 2]
    assert codes(lambda: move(scene, 1, group=2)) == ["evaluations.group_full"]
    scene.entries.append(scene.enter(scene.first))
    move(scene, 3, group=1)
    assert codes(lambda: drawn(scene)) == ["evaluations.groups_by_hand"]
    assert scene.groups() == [2, 1, 2, 1]
