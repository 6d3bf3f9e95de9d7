"""All provinces of a national edition on one page: the numbers are right, none is a secret, and more of them ask no more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Entry, Round
from competition.services.applications import accept_application
from competition.services.nominations import nominate
from competition.services.recommendations import decline, recommend
from config.rehearsal.bench import measure, nation
from tests.cast import sign_in
from tests.factories.accounts import make_user
from tests.factories.competition import NOW
from tests.factories.evaluations import make_assignment, make_evaluator, make_rubric, make_sheet
from tests.factories.nominating import make_levels
from tests.factories.recommending import make_asked, make_speaker

pytestmark = pytest.mark.django_db
WORD = "同意推荐。"


@pytest.fixture
def levels():
    """Jiangsu: one accepted of two recommended, one nominated draft; Zhejiang with Ningbo's: one declined, one waiting."""
    levels = make_levels(places={"320000": 7, "330000": None})
    nation, south = levels.nation, make_speaker("330000")
    levels.rows = [recommend(make_asked(nation), opinion=WORD, actor=levels.speaker, at=NOW) for _ in range(2)]
    nominate(levels.chosen[0], competition=nation.competition, track=nation.track, opinion=WORD, actor=levels.speaker, at=NOW)
    decline(make_asked(nation, lead_region_id="330000"), reason="不足", actor=south, at=NOW)
    make_asked(nation, lead_region_id="330200")
    levels.entry = accept_application(levels.rows[0].application, actor=nation.organiser, at=NOW)
    levels.url = reverse("evaluations:nation_board", args=[nation.competition.pk])
    return levels


def lines(levels, show=""):
    response = sign_in(levels.nation.organiser, fresh=True).get(f"{levels.url}?show={show}")
    board = response.context["board"]
    names = ("submitted", "used", "waiting", "declined", "nominated", "drafts", "accepted", "sheets", "seats")
    found = {line.region.pk: tuple(getattr(line, name) for name in names) for line in board.lines}
    return board, found


def test_the_numbers_of_each_region(levels):
    rubric = make_rubric(levels.nation.round)
    first, second = (make_assignment(levels.entry, make_evaluator(make_user())) for _ in range(2))
    make_sheet(first, {"A1": 8000}, rubric=rubric, state="submitted")
    make_sheet(second, rubric=rubric)
    board, found = lines(levels)
    assert found == {"320000": (2, 3, 0, 0, 1, 1, 1, 1, 2), "330000": (2, 0, 1, 1, 0, 0, 0, 0, 0)}
    assert [(line.account.places, line.account.left) for line in board.lines] == [(7, 4), (None, None)]
    assert (board.total.submitted, board.total.accepted, board.total.account.places) == (4, 1, None)
    assert board.map["counts"] == {"320000": 2, "330000": 2}
    assert lines(levels, "accepted")[0].map["counts"] == {"320000": 1, "330000": 0}
    assert [feeder.competition for feeder in board.lines[0].feeders] == [levels.province.competition]
    assert (sum(number for _name, number in board.macro), [number for _names, number in board.tracks]) == (1, [1])


def test_who_advances_is_counted_only_once_it_is_released(levels):
    Entry.objects.filter(pk=levels.entry.pk).update(outcome="advance")
    for state, shown in (("judging", [None, None]), ("closed", [None, None]), ("released", [1, 0])):
        Round.objects.filter(pk=levels.nation.round.pk).update(state=state)
        assert [line.shown_chosen for line in lines(levels)[0].lines] == shown


def test_more_applications_ask_no_more(levels):
    client, counts = sign_in(levels.nation.organiser, fresh=True), []
    for more in (0, 2):
        for _ in range(more):
            make_asked(levels.nation, lead_region_id="330200")
        with CaptureQueriesContext(connection) as queries:
            client.get(levels.url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
    provincial = reverse("evaluations:nation_board", args=[levels.province.competition.pk])
    assert sign_in(levels.province.organiser, fresh=True).get(provincial).status_code == 404


def test_its_measure_runs(monkeypatch, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr(measure, "RUNS", 1)
    found = nation.BENCHES["board"](entries=2, evaluators=1, criteria=1)
    assert (found["provinces"], found["queries"] <= 15) == (32, True)
