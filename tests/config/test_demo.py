"""The demo race: whole, each step one act before its next, built once."""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from competition.domain.calendar import BEIJING
from competition.models import Application, Award, Competition, Proposal, Signature, Standings
from evaluations.models import Scoreboard, Sheet
from evaluations.selectors.assignments import open_seats
from jobs.models import Job
from ledger.models import Record
from ledger.services import verify
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    output = StringIO()
    call_command("demo", stdout=output)
    return output.getvalue()


def test_each_step_is_one_act_before_its_next_and_is_built_once(demo):
    assert "organiser@demo.example" in demo
    assert list(Competition.objects.order_by("pk").values_list("state", "demo")) == [
        ("decided", True),
        ("published", True),
        ("published", True),
        ("published", True),
    ]
    earlier, signed, judged, call = Competition.objects.order_by("pk")

    assert Award.objects.filter(entry__round__competition=earlier, state="valid").count() == 6  # 3 chosen, two titles each

    waiting = Proposal.objects.get(round__competition=signed, round__order=2)
    assert (waiting.state, Signature.objects.filter(proposal=waiting, voided_at=None).count()) == ("tabled", 1)

    final = judged.rounds.get(order=2)
    seat = open_seats(final).get()
    assert (final.state, seat.state, seat.sheet.state) == ("judging", "confirmed", "draft")
    submitted = Sheet.objects.filter(assignment__entry__round=final, state="submitted").count()
    board = Scoreboard.objects.get(round=final)
    assert (submitted, board.computed_sheets) == (29, 29)
    assert board.scores_version == board.results_version
    assert final.judging_closes > datetime.now(BEIJING)
    assert not Standings.objects.filter(round=final).exists()

    states = Application.objects.filter(competition=call).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["accepted", "submitted", "returned", "draft"]

    verdict = verify()
    assert (verdict.faults, verdict.unsealed) == ((), 0)
    assert not Job.objects.filter(state__in=("queued", "running", "failed")).exists()

    # A second time changes nothing.
    before = Record.objects.count()
    call_command("demo", stdout=StringIO())
    assert Record.objects.count() == before
    assert Competition.objects.count() == 4


def test_a_database_in_use_is_left_alone(db):
    make_user()
    with pytest.raises(CommandError, match="in use"):
        call_command("demo", stdout=StringIO())
    assert not Competition.objects.exists()
