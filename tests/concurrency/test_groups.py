"""Two organisers draw the groups of a round at once, and one draws while another gives the first seat, on PostgreSQL."""

import threading

import pytest
from django.db import connection

from evaluations.models import Assignment
from evaluations.selectors import groups as selectors
from evaluations.services import groups as services
from evaluations.services.assignments import assign
from ledger.domain.reason import Refused
from tests.factories.accounts import give, make_user
from tests.factories.grouped import LATER, Grouped

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]


def together(*works):
    """What each came to: "done", the code of the refusal or the name of the error."""
    answers, gate = [None] * len(works), threading.Barrier(len(works))

    def run(place, work):
        try:
            gate.wait(30)
            work()
            answers[place] = "done"
        except Refused as refusal:
            answers[place] = refusal.reason.code
        except Exception as error:
            answers[place] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_two_draws_at_once_are_one():
    scene = Grouped()
    give(other := make_user(), "organiser", scene.scope)
    shown = selectors.token_of(selectors.content_of(scene.round), 0)
    answers = together(
        *(lambda actor=actor: services.draw_groups(scene.round, shown=shown, actor=actor, at=LATER) for actor in (scene.organiser, other))
    )
    assert sorted(answers) == ["done", "evaluations.groups_drawn_meanwhile"]
    assert scene.round.group_draws.count() == 1 and None not in scene.groups()


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
