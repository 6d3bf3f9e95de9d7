"""The organiser's home: what waits, for whom, and nothing of other people's competitions."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Round
from competition.services.decisions import propose
from competition.services.rounds import close_round
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_application, make_round
from tests.factories.evaluations import make_evaluator
from tests.factories.judging import TABLE, Judged

pytestmark = pytest.mark.django_db
LATER = datetime(2999, 1, 1, tzinfo=UTC)  # the pages read the real clock


def home(person, **query):
    return sign_in(person).get(reverse("competition:organiser_home"), query)


def last_word(url):
    """progress, close, intake … or the number of a proposal."""
    parts = url.split("?")[0].strip("/").split("/")
    return parts[2] if parts[2] == "progress" else parts[-1]


def cards(page, order=1):
    line = next(line for line in page.context["board"] if line["round"].order == order)
    return [[(todo.number, last_word(todo.url)) for todo in column] for column in line["columns"]]


def test_each_thing_stands_where_it_waits():
    judged = Judged()
    judged.seat("X", make_evaluator(make_user()))
    following = make_round(judged.round.competition, state="open")
    make_application(following, make_user(), state="submitted")
    make_application(following, make_user(), state="returned")
    for closes, waits in ((LATER, [[(2, "assignments")], [(1, "progress")], []]), (NOW, [[(2, "assignments"), (1, "close")], [], []])):
        Round.objects.filter(pk=judged.round.pk).update(judging_opens=NOW - timedelta(days=9), judging_closes=closes)
        page = home(judged.organiser)
        assert page.status_code == 200
        assert cards(page, 1) == waits
        assert cards(page, 2) == [[(1, "intake")], [(1, "intake")], []]
    assert [(todo.round.order, todo.number, todo.grave) for todo in page.context["today"]] == [(1, 2, False), (1, 1, True), (2, 1, False)]


def test_from_the_last_sheet_to_the_signature():
    judged = Judged(TABLE)
    Round.objects.filter(pk=judged.round.pk).update(seats=4)
    assert cards(home(judged.organiser)) == [[(1, "close")], [], []]
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    assert cards(home(judged.organiser)) == [[(1, "propose")], [], []]
    proposal = propose(judged.round, actor=judged.organiser, at=NOW)
    assert cards(home(judged.organiser)) == [[(1, str(proposal.pk))], [], []]


def test_nothing_of_a_competition_that_another_organises():
    Judged()
    stranger = make_user()
    give(stranger, "organiser", "competition:987654")
    page = home(stranger)
    assert (page.context["today"], page.context["chosen"]) == ([], None)


def test_as_many_queries_for_three_competitions_as_for_one():
    judged = Judged({"X": TABLE["X"]})
    counts = []
    for more in (0, 2):
        for _ in range(more):
            other = Judged(TABLE)
            give(judged.organiser, "organiser", f"competition:{other.round.competition_id}", second_factor=False)
        with CaptureQueriesContext(connection) as queries:
            assert home(judged.organiser).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_overview_shows_the_same_board():
    judged = Judged()
    page = sign_in(judged.organiser).get(reverse("competition:home", args=[judged.round.competition_id]))
    assert cards(page) == cards(home(judged.organiser))
    assert not sign_in(judged.supervisor).get(reverse("competition:home", args=[judged.round.competition_id])).context["board"]
