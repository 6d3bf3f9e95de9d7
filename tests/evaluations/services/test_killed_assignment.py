"""A worker killed in the middle of computing an assignment leaves no half of it and loses none of it."""

import pytest

from evaluations.models import Assignment, AssignmentRun
from evaluations.services.plans import ask_seats
from tests.evaluations.services.test_killed import held_after, kill_in_the_middle, revive
from tests.evaluations.services.test_plans import LATER, Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]


def test_the_sweeper_gives_the_assignment_to_another_worker(tmp_path):
    scene = Scene()
    scene.save(seats=1, most=3)
    job = ask_seats(scene.round, version=1, actor=scene.organiser, at=LATER)
    kill_in_the_middle(held_after("plans", "_write_seats"), job, tmp_path)
    assert (job.state, AssignmentRun.objects.count(), Assignment.objects.count()) == ("running", 0, 0)
    revive(job)
    job.refresh_from_db()
    assert (job.state, AssignmentRun.objects.get().solved) == ("done", True)
    assert Assignment.objects.filter(entry__round=scene.round, state="proposed").count() == 5
