"""Published competitions run again: their files add up, and a small one goes through the services to its end."""

import io

import pytest
from django.core.management.base import CommandError

from competition.models import Application, Competition
from config.management.commands.replay import Command
from config.rehearsal.replay import names, read


@pytest.mark.parametrize("name", names())
def test_a_file_adds_up(name):
    plan = read(name)
    entered, *left = plan["funnel"]
    assert sum(track["entries"] for track in plan["tracks"]) == entered
    assert [row.get("top") or sum(track["top"] for track in plan["tracks"]) for row in plan["rounds"]] == left
    assert (plan["rounds"][0]["intake"], plan["region"] is None) == ("fresh", plan["level"] == "nation")


def test_the_published_funnels():
    assert {name: read(name)["funnel"][-2:] for name in names()} == {"national-2024": [51, 35], "shandong": [21, 10]}
    assert len(read("national-2024")["tracks"]) == 15


@pytest.mark.django_db
def test_a_small_one_goes_to_its_end_and_another_funnel_is_a_fault():
    plan = read("national-2024")
    tracks = [track | {"entries": entries, "top": 1} for track, entries in zip(plan["tracks"], (2, 1), strict=False)]
    rounds = [plan["rounds"][0], plan["rounds"][1] | {"top": 1, "seats": 3}]
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
    assert (Competition.objects.get().level, Application.objects.count()) == ("nation", 3)
    # Joint ones of two provinces, all but every third.
    assert sorted(row.cluster.regions.count() for row in Application.objects.all()) == [1, 2, 2]
