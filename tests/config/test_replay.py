"""Published competitions run again: their files add up, and a small one goes through the services to its end."""

import io

import pytest
from django.core.management.base import CommandError

from competition.models import Application, Competition, Condition, Entry, RevisionParty
from config.management.commands.replay import Command
from config.rehearsal.plans import check_plan, names, read
from evaluations.models import Ballot, Finding, Mark, Rubric
from ledger.domain.reason import Refused


@pytest.mark.parametrize("name", names())
def test_a_file_adds_up(name):
    plan = read(name)
    entered, *left = plan["funnel"]
    assert sum(track["entries"] for track in plan["tracks"]) == entered
    going = [entered]
    for row in plan["rounds"]:
        checked = going[-1] - row["fail"] if "fail" in row else None
        going.append(checked or row.get("top") or sum(track["top"] for track in plan["tracks"]))
    assert going[1:] == left
    assert (plan["rounds"][0]["intake"], plan["region"] is None) == ("fresh", plan["level"] == "nation")


def test_the_published_funnels():
    assert names() == ["deliberation", "national-2024", "shandong"]
    assert [read(name)["funnel"][-2:] for name in names()[1:]] == [[51, 35], [21, 10]]
    assert len(read("national-2024")["tracks"]) == 15


@pytest.mark.django_db
def test_a_small_one_goes_to_its_end_and_another_funnel_is_a_fault():
    plan = read("national-2024")
    tracks = [track | {"entries": entries, "top": 1} for track, entries in zip(plan["tracks"], (2, 1), strict=False)]
    first = plan["rounds"][0] | {"groups": {"most": 2}, "scope": "group"}  # as many from each group of a track as it says
    rounds = [first, plan["rounds"][1] | {"top": 1, "seats": 3}]
    small = plan | {"tracks": tracks, "rounds": rounds, "evaluators": 3, "funnel": [3, 2, 2]}
    said = io.StringIO()
    with pytest.raises(CommandError, match="Published: 3 -> 2 -> 2"):
        Command(stdout=said)._replay(small)
    lines = said.getvalue().splitlines()
    assert lines[len(plan["assumptions"]) :][:3] == [
        "Group stage: 3 -> 2",
        "Comprehensive stage: 2 -> 1",
        "Outcomes: advance 1, eliminated 1",
    ]
    assert lines[-1].startswith("3 -> 2 -> 1 in ")
    assert set(Entry.objects.filter(round__order=1).values_list("group", flat=True)) == {1}
    assert (Competition.objects.get().level, Application.objects.count()) == ("nation", 3)
    # Joint ones of two provinces, all but every third.
    assert sorted(row.cluster.regions.count() for row in Application.objects.all()) == [1, 2, 2]


@pytest.mark.django_db
def test_formal_check_blind_review_and_vote_go_through_the_services():
    plan = read("deliberation")
    tracks = [track | {"entries": entries} for track, entries in zip(plan["tracks"], (2, 1), strict=False)]
    check, desk, council = plan["rounds"]
    rounds = [check | {"fail": 1}, desk | {"top": 2}, council | {"top": 1}]
    small = plan | {"tracks": tracks, "rounds": rounds, "evaluators": 3, "joint_every": 2, "funnel": [3, 2, 2, 1]}
    check_plan(small, file="small.yaml")
    said = io.StringIO()
    Command(stdout=said)._replay(small)
    assert said.getvalue().splitlines()[-1].startswith("3 -> 2 -> 2 -> 1 in ")
    race = Competition.objects.get()
    assert (race.joint_entries, sorted(RevisionParty.objects.values_list("region", flat=True))) == (True, ["360000", "360000"])
    made = [(round.kind, round.blind, (round.publication or {}).get("shown"), round.state) for round in race.rounds.all()]
    assert made == [
        ("formal_check", False, "nothing", "released"),
        ("review", True, "chosen", "released"),
        ("review", False, "chosen", "released"),
    ]
    first, second, third = race.rounds.all()
    failed = Entry.objects.get(round=first, outcome="ineligible")
    assert Finding.objects.filter(value=0).get().entry == failed
    assert (Mark.objects.filter(sheet__assignment__entry__round=second).exists(), Rubric.objects.filter(round=third).exists()) == (
        True,
        False,
    )
    assert Ballot.objects.filter(sheet__assignment__entry__round=third).count() == 6  # three members, two entries
    assert Condition.objects.get().entry == Entry.objects.get(round=third, outcome="advance")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"evaluators": "7"}, "evaluators"),
        ({"joint_every": 0}, "joint_every"),
        ({"format": "default"}, "rounds"),
        ({"funnel": [3, 2]}, "funnel"),
        ({0: {"fail": -1}}, "rounds.0.fail"),
        ({0: {"vote": {}}}, "rounds.0.vote"),
        ({0: {"blind": True}}, "rounds.0.blind"),
        ({1: {"publication": {"shown": "nothing", "ranks": True}}}, "rounds.1.publication"),
        ({1: {"condition": {"zh": "甲", "en": "A", "days": 9}}}, "rounds.1.condition"),
        ({2: {"vote": {"quorum": 3, "majority": "two"}}}, "rounds.2.vote"),
        ({2: {"top": None}}, "rounds.2.top"),
        ({1: {"scope": "group"}}, "rounds.1.scope"),
        ({0: {"groups": {"most": 3}}}, "rounds.0.groups"),
    ],
)
def test_a_wrong_value_is_named_with_its_file_and_place(changes, place):
    plan = read("deliberation")
    rounds = [row | changes.get(position, {}) for position, row in enumerate(plan["rounds"])]
    plan = plan | {"rounds": rounds} | {name: value for name, value in changes.items() if isinstance(name, str)}
    with pytest.raises(Refused) as refusal:
        check_plan(plan, file="own.yaml")
    assert refusal.value.reasons[0].params["file"] == "own.yaml"
    assert refusal.value.reasons[0].params["place"] == place


def test_a_file_of_ones_own_is_refused_in_words(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("code: own\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"^The format file own\.yaml is malformed at format: "):
        Command().handle(format=str(path), db=None)
    with pytest.raises(CommandError, match=r"^There is no replay 'moon'\. Known: deliberation, "):
        Command().handle(format="moon", db=None)
