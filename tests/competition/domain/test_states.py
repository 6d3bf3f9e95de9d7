import pytest

from competition.domain.guards import codes
from competition.domain.states import APPLICATION, ENTRY, MACHINES, PROPOSAL, ROUND
from ledger.domain.reason import Reason, Refused


def walk(machine, *steps):
    state = machine.initial
    for action, facts in steps:
        state = machine.step(state, action, facts)
    return state


def reasons(machine, state, action, **facts):
    with pytest.raises(Refused) as refusal:
        machine.step(state, action, facts)
    return refusal.value.reasons


def test_every_kind_has_one_table():
    assert [machine.kind for machine in MACHINES] == [
        "competition",
        "round",
        "application",
        "entry",
        "proposal",
        "notice",
        "objection",
        "award",
        "registration",
        "recommendation",
        "condition",
    ]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.kind)
def test_each_guard_names_its_codes(machine):
    for row in machine.transitions:
        assert bool(codes(row.guard)) == (row.guard is not None)
        assert all(code.startswith("competition.") for code in codes(row.guard))


def test_a_round_from_plan_to_release():
    state = walk(
        ROUND,
        ("open", {"missing": []}),
        ("start_judging", {"entries": 7, "unanswered": 0}),
        ("close", {"pending": 0, "unchecked": 0}),
        ("reopen", {"second_person": True}),
        ("close", {"pending": 0, "unchecked": 0}),
        ("release", {"proposal_released": True}),
    )
    assert state == "released"
    assert ROUND.actions("released") == ()


def test_a_round_says_why_not():
    assert reasons(ROUND, "open", "start_judging", entries=0, unanswered=3) == (
        Reason("competition.round_empty", {"count": 0, "least": 1}),
        Reason("competition.applications_unanswered", {"count": 3}),
    )
    assert reasons(ROUND, "judging", "close", pending=2, unchecked=0) == (Reason("competition.sheets_pending", {"count": 2}),)
    assert reasons(ROUND, "closed", "reopen", second_person=False) == (Reason("competition.second_person_missing"),)


def test_a_released_round_is_not_reopened():
    assert reasons(ROUND, "released", "reopen", second_person=True)[0].code == "competition.action_not_now"


def test_an_application_returned_and_corrected():
    state = walk(
        APPLICATION,
        ("submit", {"recommender": [], "organisation": [], "window": [], "faults": []}),
        ("return", {}),
        ("resubmit", {"correction_window": [], "faults": []}),
        ("accept", {"intake": [], "recommendation": []}),
    )
    assert state == "accepted"


def test_a_late_submission_says_so_along_with_its_faults():
    late = Reason("competition.window_closed", {"closed_at": "2026-11-25T18:00:00+08:00"})
    fault = Reason("competition.answer_missing", {"path": "profile.area"})
    assert reasons(APPLICATION, "draft", "submit", recommender=[], organisation=[], window=[late], faults=[fault]) == (late, fault)


@pytest.mark.parametrize(("state", "may"), [("draft", False), ("submitted", True), ("returned", True), ("accepted", False)])
def test_an_application_is_withdrawable_until_accepted(state, may):
    assert ("withdraw" in APPLICATION.actions(state)) is may


def test_an_entry_under_objection_stays_suspended():
    assert reasons(ENTRY, "suspended", "resume", open_objections=1) == (Reason("competition.objections_open", {"count": 1}),)
    assert ENTRY.step("suspended", "resume", {"open_objections": 0}) == "running"


def test_release_needs_meeting_two_signatures_and_no_open_outcome():
    assert reasons(PROPOSAL, "tabled", "release", stale=[], meeting=False, undecided=1, conditions_past=2, signatures=1) == (
        Reason("competition.meeting_missing"),
        Reason("competition.outcomes_undecided", {"count": 1}),
        Reason("competition.conditions_past", {"count": 2}),
        Reason("competition.signatures_missing", {"count": 1, "least": 2}),
    )
    assert (
        PROPOSAL.step("tabled", "release", {"stale": [], "meeting": True, "undecided": 0, "conditions_past": 0, "signatures": 2})
        == "released"
    )


def test_a_released_proposal_is_not_voided():
    assert PROPOSAL.final == ("released", "void")
