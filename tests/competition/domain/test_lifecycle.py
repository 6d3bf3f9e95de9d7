import pytest

from competition.domain.lifecycle import BadTable, Machine, MissingFact, Transition
from ledger.domain.reason import Reason, Refused


def pending_guard(facts):
    return [Reason("x.sheets_pending", {"count": facts["pending"]})] if facts["pending"] else []


DOOR = Machine(
    "door",
    "shut",
    (
        Transition("open", {"shut"}, "open"),
        Transition("close", {"open"}, "shut", guard=pending_guard, facts=("pending",)),
        Transition("lock", {"shut"}, "locked"),
        Transition("paint", {"shut"}, "shut"),
        Transition("paint", {"open"}, "open"),
    ),
)


def test_states_come_in_the_order_of_the_table():
    assert DOOR.states == ("shut", "open", "locked")
    assert DOOR.final == ("locked",)
    assert DOOR.all_actions == ("open", "close", "lock", "paint")


def test_step_leads_to_the_target():
    assert DOOR.step("shut", "open", {}) == "open"
    assert DOOR.step("open", "close", {"pending": 0}) == "shut"
    assert DOOR.step("open", "paint", {}) == "open"


def test_actions_of_a_state():
    assert DOOR.actions("shut") == ("open", "lock", "paint")
    assert DOOR.actions("locked") == ()


def test_action_in_the_wrong_state_is_refused_with_state_and_action():
    with pytest.raises(Refused) as refusal:
        DOOR.step("locked", "open", {})
    assert refusal.value.reasons == (Reason("competition.action_not_now", {"kind": "door", "action": "open", "state": "locked"}),)


def test_guard_refuses_with_its_numbers():
    with pytest.raises(Refused) as refusal:
        DOOR.step("open", "close", {"pending": 3})
    assert refusal.value.reasons == (Reason("x.sheets_pending", {"count": 3}),)


def test_a_declared_fact_that_is_absent_is_an_error_and_no_refusal():
    with pytest.raises(MissingFact, match="pending"):
        DOOR.step("open", "close", {})


def test_guard_sees_only_declared_facts():
    seen = {}
    machine = Machine("k", "a", (Transition("go", {"a"}, "b", guard=lambda facts: seen.update(facts) or (), facts=("x",)),))
    machine.step("a", "go", {"x": 1, "y": 2})
    assert seen == {"x": 1}


def test_an_unknown_action_is_a_programming_error():
    with pytest.raises(LookupError, match="no action 'fly'"):
        DOOR.step("shut", "fly", {})


@pytest.mark.parametrize(
    ("transitions", "fault"),
    [
        ((Transition("go", {"nowhere"}, "b"),), "unknown state 'nowhere'"),
        ((Transition("go", {"a"}, "b"), Transition("go", {"a"}, "c")), "two rows for the state 'a'"),
        ((Transition("go", {"a"}, "b"), Transition("x", {"c"}, "d"), Transition("y", {"d"}, "c")), "unreachable from 'a': d, c"),
    ],
)
def test_a_wrong_table_is_refused_when_made(transitions, fault):
    with pytest.raises(BadTable, match=fault):
        Machine("k", "a", transitions)


@pytest.mark.parametrize("row", [{"sources": "a"}, {"sources": ()}, {"sources": {"a"}, "guard": lambda facts: ()}])
def test_a_wrong_row_is_refused_when_made(row):
    with pytest.raises(BadTable):
        Transition("go", target="b", **row)
