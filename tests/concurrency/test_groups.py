"""Two organisers draw the groups of a round at once, and one draws while another gives the first seat, on PostgreSQL."""

import threading

import pytest

from evaluations.models import Assignment
from evaluations.selectors import groups as selectors
from evaluations.services import groups as services
from evaluations.services.assignments import assign
from tests.factories.accounts import give, make_user
from tests.factories.grouped import LATER, Grouped
from tests.together import meeting_in, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]


def two_draws(monkeypatch):
    """Each waits, once it knows what it will write, until the other knows it too or is seen not to come."""
    scene = Grouped()
    give(other := make_user(), "organiser", scene.scope)
    shown = selectors.token_of(selectors.content_of(scene.round), 0)
    meeting_in(monkeypatch, threading.Barrier(2), selectors, "drawn")
    draws = (
        lambda actor=actor: services.draw_groups(scene.round, shown=shown, actor=actor, at=LATER) for actor in (scene.organiser, other)
    )
    return scene, sorted(together(*draws))


def test_two_draws_at_once_are_one(monkeypatch):
    scene, answers = two_draws(monkeypatch)
    assert answers == ["done", "evaluations.groups_drawn_meanwhile"]
    assert scene.round.group_draws.count() == 1 and None not in scene.groups()


def test_without_the_locks_both_would_write(monkeypatch):
    """The control: nobody waits, and only the number of the draw, which stands once, stops the second in the middle."""
    monkeypatch.setattr(services, "_locked", lambda round, **_rest: round)
    _scene, answers = two_draws(monkeypatch)
    assert answers == ["IntegrityError", "done"]


def test_a_draw_and_the_first_seat_come_one_after_the_other():
    scene = Grouped(judges=1)
    shown = selectors.token_of(selectors.content_of(scene.round), 0)
    services.draw_groups(scene.round, shown=shown, actor=scene.organiser, at=LATER)
    before, shown = scene.groups(), selectors.token_of(selectors.content_of(scene.round), 1)
    answers = together(
        lambda: services.draw_groups(scene.round, shown=shown, actor=scene.organiser, at=LATER),
        lambda: assign(scene.entries[0], evaluator=scene.judges[0], actor=scene.organiser, at=LATER),
    )
    assert answers in (["done", "done"], ["evaluations.groups_fixed", "done"])
    assert scene.groups() == before and Assignment.objects.count() == 1
