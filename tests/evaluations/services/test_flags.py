"""Unexpected totals: looked for before closing, told in numbers, asked about once, answered on the own sheet, both versions kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.permissions import NotAllowed
from accounts.person import forget
from competition.models import Conflict
from competition.services.rounds import close_round
from evaluations.models import Flag, Mark, OutlierSearch, Sheet, SheetVersion, Undertaking
from evaluations.selectors.flags import flag_of, own_flags, waiting_by_evaluator
from evaluations.services.flags import answer_flag, ask_outliers, look_for_outliers
from evaluations.services.sheets import submit_sheet
from jobs.services import run_queued
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.cast import sign_in
from tests.factories.competition import NOW
from tests.factories.judging import Judged

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(days=3650)
# The second evaluator's sheet on V stands far off what V and this evaluator let expect.
TABLE = {
    "U": [(81, 84), (77, 80), (80, 79), (84, 80)],
    "V": [(66, 70), (96, 97), (65, 67), (69, 66)],
    "W": [(60, 61), (58, 62), (61, 59), (64, 62)],
    "X": [(80, 78), (76, 75), (79, 76), (83, 79)],
    "Y": [(72, 74), (69, 70), (70, 73), (75, 71)],
}


@pytest.fixture
def judged():
    judged = Judged(TABLE)
    ask_outliers(judged.round, due_at=DUE, actor=judged.organiser, at=NOW)
    run_queued(["outliers.look"])
    return judged


def page(name, judged, **more):
    return reverse(f"evaluations:{name}", kwargs={"pk": judged.round.competition_id, **more})


def test_the_search_asks_about_the_one_sheet_and_tells_only_numbers(judged):
    flag = Flag.objects.get()
    evaluator = judged.evaluators[1]
    assert (flag.sheet.assignment.evaluator, flag.sheet.assignment.entry) == (evaluator, judged.entries["V"])
    search = OutlierSearch.objects.get()
    assert (search.sheets, search.flagged, search.asked_by) == (20, 1, judged.organiser)
    assert waiting_by_evaluator(judged.round) == [(evaluator.code, 1)]
    assert [flag.pk for flag in own_flags(evaluator.user)] == [flag.pk]
    assert not own_flags(judged.evaluators[0].user)
    records = Record.objects.filter(action__in=("flag.ask", "outliers.look")).order_by("id")
    assert [(row.subject, row.after) for row in records] == [
        (f"flag:{flag.pk}", None),
        (f"round:{judged.round.pk}", {"sheets": 20, "flagged": 1}),
    ]
    client = sign_in(judged.organiser)
    name = str(judged.entries["V"].application.cluster)
    for address in (page("round_outliers", judged, round_pk=judged.round.pk), page("round_close", judged, round_pk=judged.round.pk)):
        text = client.get(address).content.decode()
        assert evaluator.code in text
        assert not [said for said in (name, "96.4", f"{flag.expected:.1f}") if said in text]


def test_a_version_is_asked_about_once_and_a_job_does_its_work_once(judged):
    job = OutlierSearch.objects.get().job
    args = {"due_at": DUE, "requested_by": f"user:{judged.organiser.pk}", "at": NOW}
    assert look_for_outliers(judged.round, job=job, **args) == 0
    assert OutlierSearch.objects.count() == 1
    assert look_for_outliers(judged.round, job=job + 1, **args) == 0
    assert list(OutlierSearch.objects.values_list("flagged", flat=True)) == [1, 0]


def test_the_evaluator_confirms_with_a_reason_and_the_marks_stay(judged):
    flag, person = Flag.objects.get(), judged.evaluators[1].user
    with pytest.raises(Refused) as refusal:
        answer_flag(flag, answer="confirm", explanation=" ", actor=person, at=NOW)
    assert refusal.value.field == "explanation"
    with pytest.raises(NotAllowed):
        answer_flag(flag, answer="confirm", explanation="不是我的表。", actor=judged.evaluators[0].user, at=NOW)
    before = list(flag.sheet.marks.order_by("pk").values_list("value", flat=True))
    client = sign_in(person)
    address = page("flag_answer", judged, sheet_pk=flag.version.sheet_id)
    assert client.get(address).status_code == 200
    assert client.post(address, {"answer": "confirm", "explanation": "该集群现场核验优秀。"}).status_code == 302
    flag.refresh_from_db()
    assert (flag.state, flag.explanation, flag.sheet.state) == ("confirmed", "该集群现场核验优秀。", "submitted")
    assert list(flag.sheet.marks.order_by("pk").values_list("value", flat=True)) == before
    record = Record.objects.get(action="flag.confirm")
    assert "现场核验" not in str(record.after)
    assert waiting_by_evaluator(judged.round) == []


def test_a_correction_opens_the_sheet_and_keeps_both_versions(judged):
    flag, person = Flag.objects.get(), judged.evaluators[1].user
    answer_flag(flag, answer="correct", explanation="录入时看错一行。", actor=person, at=NOW)
    sheet = Sheet.objects.select_related("assignment__entry__round").get(pk=flag.version.sheet_id)
    assert (sheet.state, sheet.return_reason) == ("returned", "录入时看错一行。")
    assert Flag.objects.get().state == "corrected"
    Mark.objects.filter(sheet=sheet).update(value=6600)
    Undertaking.objects.create(round=judged.round, evaluator=judged.evaluators[1], text_digest="0" * 64, signed_at=NOW)
    submit_sheet(sheet, actor=person, at=judged.round.judging_opens + timedelta(hours=1))
    assert [version.marks["A1"] for version in sheet.versions.all()] == [9600, 6600]
    assert flag_of(sheet) is None
    with pytest.raises(Refused) as refusal:
        answer_flag(flag, answer="correct", explanation="再改一次。", actor=person, at=NOW)
    assert refusal.value.reasons[0].code == "evaluations.flag_overtaken"


def test_open_questions_do_not_keep_the_round_open_and_are_shown_after_closing(judged):
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    client = sign_in(judged.organiser)
    analysis = page("standings_analysis", judged, round_pk=judged.round.pk)
    run_queued(["analysis.compute"])
    assert [flag.state for flag in client.get(analysis).context["flags"]] == ["open"]
    person = judged.evaluators[1].user
    with pytest.raises(Refused):
        answer_flag(Flag.objects.get(), answer="correct", explanation="想改。", actor=person, at=NOW)
    answer_flag(Flag.objects.get(), answer="confirm", explanation="现场核验优秀。", actor=person, at=NOW)
    entry = page("standing_entry", judged, round_pk=judged.round.pk, entry_pk=judged.entries["V"].pk)
    assert "现场核验优秀。" in client.get(entry).content.decode()


def test_only_an_organiser_without_a_conflict_has_them_looked_for():
    judged = Judged(TABLE)
    for actor in (judged.supervisor, judged.decider):
        with pytest.raises(NotAllowed):
            ask_outliers(judged.round, due_at=DUE, actor=actor, at=NOW)
    with pytest.raises(Refused) as refusal:
        ask_outliers(judged.round, due_at=NOW, actor=judged.organiser, at=NOW)
    assert refusal.value.field == "due_at"
    bond = {"kind": "other", "note": "亲属任职。", "declared_by": judged.organiser, "declared_at": NOW}
    Conflict.objects.create(user=judged.organiser, cluster=judged.entries["Y"].application.cluster, **bond)
    judged.organiser.__dict__.pop("_conflicted_rounds", None)
    forget(judged.organiser)
    with pytest.raises(NotAllowed) as refusal:
        ask_outliers(judged.round, due_at=DUE, actor=judged.organiser, at=NOW)
    assert refusal.value.reasons[0].code == "competition.scores_conflict"


def test_the_page_of_questions_asks_as_often_for_three_as_for_one(judged):
    client, counts = sign_in(judged.organiser), []
    for places in ((), (0, 2)):
        for place in places:
            facts = {"job": 900 + place, "due_at": DUE, "sheets": 20, "flagged": 1, "asked_by": judged.organiser, "computed_at": NOW}
            version = SheetVersion.objects.filter(sheet__assignment__evaluator=judged.evaluators[place]).first()
            search = OutlierSearch.objects.create(round=judged.round, **facts)
            Flag.objects.create(search=search, version=version, score=81.5, expected=64, t=4.5)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(page("round_outliers", judged, round_pk=judged.round.pk)).context
        counts.append((len(shown["searches"]), len(shown["waiting"]), len(queries)))
    assert counts == [(1, 1, counts[0][2]), (3, 3, counts[0][2])]
