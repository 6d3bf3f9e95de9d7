"""A dry run by a job: the same result as one that is waited for, once, kept for whoever asked, and as secret as the scores."""

import pytest

from accounts.permissions import NotAllowed
from accounts.person import forget
from competition.models import Conflict
from competition.services.rounds import close_round
from evaluations.models import SchemeTrial
from evaluations.selectors.rubrics import dimensions_json, rubric_of
from evaluations.selectors.trials import TRY
from evaluations.services.scoreboards import count_change
from evaluations.services.stored_trials import ask_trial, compute_trial, read_trial
from evaluations.services.trials import try_scheme
from jobs.models import Job
from jobs.services import run_queued
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.evaluations.services.test_trials import TRIMMED, reweighted
from tests.factories.competition import NOW, make_competition, make_round
from tests.factories.judging import DEFINITION, Judged

pytestmark = pytest.mark.django_db


class Asked:
    """`judged` is closed; its organiser asks from the editor of `draft`."""

    def __init__(self):
        self.judged = Judged()
        self.judged.round = close_round(self.judged.round, actor=self.judged.organiser, at=NOW)
        self.draft = make_round(make_competition(), state="planned")
        self.dimensions = reweighted(self.judged.round)

    def ask(self, definition=TRIMMED, actor=None):
        facts = {"finished": self.judged.round, "definition": definition, "dimensions": self.dimensions}
        return ask_trial(self.draft, actor=actor or self.judged.organiser, at=NOW, **facts)

    def read(self, trial):
        trial.refresh_from_db()
        return read_trial(trial, viewer=self.judged.organiser, at=NOW)


@pytest.fixture
def asked():
    return Asked()


def test_the_job_finds_what_waiting_would_have_found(asked):
    trial = asked.ask()
    assert asked.read(trial) is None
    run_queued([TRY])
    job = Job.objects.get(kind=TRY)
    assert (job.state, job.progress_done, job.progress_total) == ("done", 3, 3)
    waited = try_scheme(asked.judged.round, definition=TRIMMED, dimensions=asked.dimensions, actor=asked.judged.organiser, at=NOW)
    assert waited.ranks > 0 and waited.crossing > 0
    assert asked.read(trial) == waited
    actions = Record.objects.filter(action__in=("trial.ask", "trial.compute", "standings.read")).order_by("id")
    assert [row.action for row in actions] == ["trial.ask", "trial.compute", "standings.read", "standings.read"]
    assert {row.after["trial"] for row in actions} == {trial.digest}
    assert {row.actor for row in actions} == {f"user:{asked.judged.organiser.pk}"}


def test_the_same_is_computed_once_for_one_person_and_another_scheme_anew(asked):
    first = asked.ask()
    assert asked.ask().pk == first.pk and Job.objects.filter(kind=TRY).count() == 1
    run_queued([TRY])
    assert asked.ask().pk == first.pk and Job.objects.filter(kind=TRY).count() == 1
    assert asked.ask(DEFINITION).pk != first.pk
    assert asked.ask(actor=asked.judged.decider).pk != first.pk
    assert Job.objects.filter(kind=TRY).count() == 3
    assert compute_trial(first.pk, at=NOW, progress=lambda done, total: None) is False


def test_who_came_into_a_conflict_meanwhile_gets_neither_computation_nor_result(asked):
    first, second = asked.ask(), asked.ask(DEFINITION)
    compute_trial(first.pk, at=NOW, progress=lambda done, total: None)
    organiser = asked.judged.organiser
    cluster = asked.judged.entries["Z"].application.cluster
    Conflict.objects.create(user=organiser, cluster=cluster, kind="family", declared_by=organiser, declared_at=NOW)
    run_queued([TRY])
    second.refresh_from_db()
    assert (second.result, [reason["code"] for reason in second.refused]) == (None, ["competition.scores_conflict"])
    organiser.__dict__.pop("_conflicted_rounds", None)
    forget(organiser)
    with pytest.raises(NotAllowed):
        asked.read(first)
    with pytest.raises(Refused) as refused:
        asked.read(second)
    assert refused.value.reasons[0].code == "competition.scores_conflict"
    with pytest.raises(NotAllowed):
        asked.ask(DEFINITION)


def test_marks_that_changed_since_the_snapshot_are_not_taken_for_it_and_it_may_be_asked_again(asked):
    trial = asked.ask()
    board = asked.judged.round.scoreboard
    sheet = asked.judged.entries["X"].assignments.first().sheet
    count_change(asked.judged.round, sheet)
    run_queued([TRY])
    trial.refresh_from_db()
    assert (trial.result, [reason["code"] for reason in trial.refused]) == (None, ["evaluations.trial_overtaken"])
    board.refresh_from_db()
    type(board).objects.filter(pk=board.pk).update(scores_version=board.scores_version - 1)
    assert asked.ask().pk == trial.pk
    run_queued([TRY])
    assert asked.read(trial).compared == 3


def test_nothing_is_queued_on_a_round_still_judged_or_where_the_ladder_does_not_fit(asked):
    judged = Judged()
    dimensions = dimensions_json(rubric_of(judged.round))
    with pytest.raises(NotAllowed):
        ask_trial(asked.draft, finished=judged.round, definition=DEFINITION, dimensions=dimensions, actor=judged.organiser, at=NOW)
    asked.dimensions[0]["criteria"][0]["code"] = "Q7"
    with pytest.raises(Refused) as refused:
        asked.ask(DEFINITION | {"ties": ["criterion:Q7"]})
    assert refused.value.reasons[0].code == "evaluations.scheme_code_unknown"
    assert not SchemeTrial.objects.exists() and not Job.objects.filter(kind=TRY).exists()
