"""A formal check from its setting to the release: no seats, no marks; who fails an item stays behind with the reason."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.permissions import NotAllowed
from competition.labels import CHECK_OUTCOMES
from competition.models import Competition, Entry
from competition.selectors.outcomes import own_outcomes
from competition.selectors.publication import rules_page
from competition.selectors.rules import advancement_of, rules_edition
from competition.selectors.setup import missing
from competition.services.competitions import publish_competition
from competition.services.documents import issue
from competition.services.rounds import add_round, close_round, edit_round, start_judging
from evaluations.models import Criterion
from evaluations.selectors.rubrics import dimensions_json, rubric_of, scheme_of
from evaluations.services.assignments import against_seat
from evaluations.services.findings import pass_rest, record_finding
from evaluations.services.rubrics import save_rubric, save_scheme
from jobs.models import Job
from ledger.domain.reason import Refused
from ledger.reasons import say
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_application, make_entry, make_organisation, make_revision
from tests.factories.decisions import make_staff, release
from tests.factories.evaluations import make_evaluator
from tests.factories.setup import make_complete, make_organiser, windows

pytestmark = pytest.mark.django_db
ITEMS = ["P1", "P2", "P3", "P4", "P5", "V1", "V2", "V3", "V4"]  # the usual ones, and the default rubric's vetoes


def codes(refusal) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def organiser():
    return make_organiser()


@pytest.fixture
def draft(organiser):
    """Its first round is a formal check, its second a review."""
    draft = make_complete(organiser)
    first, second = draft.rounds.all()
    common = {"actor": organiser, "at": NOW}
    edit_round(first, basics={"kind": "formal_check"}, windows=windows(), version=draft.edit_version, **common)
    edit_round(second, basics={}, windows=windows(NOW + timedelta(days=40)), version=draft.edit_version + 1, **common)
    draft.refresh_from_db()
    return draft


def items_of(round) -> list[str]:
    return [row["code"] for dimension in dimensions_json(rubric_of(round)) for row in dimension["criteria"]]


def test_the_kind_of_a_round_suits_its_rules(draft, organiser):
    first = draft.rounds.get(order=1)
    assert (items_of(first), first.seats, advancement_of(first).rule["take"]) == (ITEMS, 0, "all")
    assert missing(draft) == []
    rubric = rubric_of(first)
    marks = {"code": "X1", "name_zh": "甲", "name_en": "X", "kind": "expert", "weight": "100"}
    wrong = [*dimensions_json(rubric), {"code": "X", "name_zh": "评", "name_en": "X", "criteria": [marks]}]
    save_rubric(first, dimensions=wrong, version=rubric.version, actor=organiser, at=NOW)
    assert [row.reason.code for row in missing(draft)] == ["evaluations.check_with_marks"]
    with pytest.raises(Refused) as refusal:
        edit_round(first, basics={"kind": "review"}, windows=windows(), version=draft.edit_version, actor=organiser, at=NOW)
    assert codes(refusal) == ["competition.seats_missing"]


def test_a_check_has_no_scheme(draft, organiser):
    first = draft.rounds.get(order=1)
    other = scheme_of(draft.rounds.get(order=2)).definition
    with pytest.raises(Refused) as refusal:
        save_scheme(first, definition=other, version=scheme_of(first).version, actor=organiser, at=NOW)
    assert codes(refusal) == ["evaluations.check_without_scheme"]
    page = sign_in(organiser, fresh=True).get(reverse("evaluations:scheme_edit", args=[draft.pk, first.pk]))
    assert page.status_code == 200 and "form" not in page.context


def test_a_check_that_becomes_a_review_begins_with_the_default_rules(draft, organiser):
    first, second = draft.rounds.all()
    edit_round(first, basics={"kind": "review", "seats": 5}, windows=windows(), version=draft.edit_version, actor=organiser, at=NOW)
    assert dimensions_json(rubric_of(first)) == dimensions_json(rubric_of(second))
    assert scheme_of(first).definition == scheme_of(second).definition


def test_a_round_after_a_check_does_not_begin_with_a_checklist(organiser):
    draft = make_complete(organiser)
    last = draft.rounds.get(order=2)
    edit_round(last, basics={"kind": "formal_check"}, windows={}, version=draft.edit_version, actor=organiser, at=NOW)
    draft.refresh_from_db()
    third = add_round(
        draft, code="x", name_zh="三", name_en="Three", intake="carry", seats=3, version=draft.edit_version, actor=organiser, at=NOW
    )
    assert (third.kind, dimensions_json(rubric_of(third))) == ("review", dimensions_json(rubric_of(draft.rounds.get(order=1))))


def _judged(competition):
    """Four entries whose check has begun: (round, entries, people)."""
    first = competition.rounds.get(order=1)
    people = make_staff(first)
    entries = []
    for _number in range(4):
        user, organisation = make_user(), make_organisation()
        give(user, "applicant", f"organisation:{organisation.pk}")
        application = make_application(first, user, organisation=organisation, state="accepted", track=competition.tracks.first())
        entries.append(make_entry(first, user, application=application, revision=make_revision(application)))
    start_judging(first, actor=people["organiser"], at=NOW + timedelta(days=21))
    first.refresh_from_db()
    return first, entries, people


def test_who_fails_an_item_stays_behind_with_the_reason(draft, organiser):
    competition = publish_competition(draft, actor=organiser, at=NOW)
    assert [row["kind"] for row in rules_edition(competition).content["rounds"]] == ["formal_check", "review"]
    page = rules_page(competition, None, "en")["rounds"][0]
    assert (len(page["parts"]), len(page["advancement"])) == (1, 2)  # the items, and no scheme
    round, entries, people = _judged(competition)
    at = NOW + timedelta(days=22)
    staff = {"actor": people["organiser"], "at": at}
    item = Criterion.objects.get(dimension__rubric__round=round, code="V2")
    record_finding(entries[1], criterion=item, value="0", reason="财务数据与年报不符。", **staff)
    with pytest.raises(Refused) as refusal:
        close_round(round, **staff)
    assert codes(refusal) == ["competition.checks_open"]
    assert pass_rest(round, expected=35, **staff) == 35
    progress = sign_in(people["organiser"]).get(reverse("evaluations:round_progress", args=[competition.pk, round.pk]), follow=True)
    assert progress.resolver_match.view_name == "evaluations:finding_list" and progress.context["may_close"]
    evaluator = make_user()
    give(evaluator, "evaluator", f"competition:{competition.pk}")
    assert [reason.code for reason in against_seat(entries[0], make_evaluator(evaluator))] == ["evaluations.round_checks_only"]
    round = close_round(round, **staff)
    assert Job.objects.filter(kind="analysis.compute").count() == 0
    standings = reverse("evaluations:standings", args=[competition.pk, round.pk])
    shown = sign_in(people["organiser"], fresh=True).get(standings)
    assert [row.pill for row in shown.context["rows"]] == ["in", "in", "in", "out"]
    assert sign_in(people["organiser"]).get(standings + f"{entries[0].pk}/").status_code == 302
    proposal = release(round, people, at=at)
    assert issue("award_report", str(proposal.pk), language="zh-hans", actor=None, at=at).context["race"] is None
    board = sign_in(people["decider"], fresh=True).get(reverse("competition:proposal_detail", args=[competition.pk, proposal.pk]))
    assert [(row["rank"], row["total"]) for row in board.context["lists"][0]["rows"]] == [(None, None)] * 4
    outcomes = list(Entry.objects.filter(round=round).order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["advance", "ineligible", "advance", "advance"]
    later = Entry.objects.filter(round=competition.rounds.get(order=2)).values_list("application_id", flat=True)
    assert sorted(later) == [entry.application_id for entry in entries if entry != entries[1]]
    own = own_outcomes(entries[1].application.created_by, entries[1].application)[-1]
    assert (own.word, own.total, [line.text for line in own.explained]) == (CHECK_OUTCOMES["ineligible"], None, ["财务数据与年报不符。"])
    with translation.override("zh-hans"):
        assert say(own.reason) == "形式审查未通过：V2 提供虚假信息。"
    with translation.override("en"):
        assert say(own.reason) == "Formal check not passed: V2 False information."

    summary = issue("check_summary", str(round.pk), language="en", actor=people["organiser"], at=at).context
    by_name = {row["name"]: row for row in summary["rows"]}
    failed = by_name.pop(entries[1].application.cluster.name_en)
    assert (failed["outcome"], failed["reason"]) == ("Not passed", "V2 财务数据与年报不符。")
    assert [place for place, item in enumerate(failed["items"]) if item["failed"]] == [ITEMS.index("V2")]
    assert {(row["outcome"], row["reason"]) for row in by_name.values()} == {("Passed", "")}
    assert (summary["passed"], [item["code"] for item in summary["items"]]) == (3, ITEMS)
    form = issue("check_form", str(entries[1].pk), language="en", actor=people["organiser"], at=at).context
    assert [(row["code"], row["found"]) for row in form["items"] if row["failed"]] == [("V2", "Not passed")]
    assert (form["outcome"], form["items"][0]["by"]) == ("Not passed", people["organiser"].display_name("en"))
    check = reverse("evaluations:finding_edit", args=[competition.pk, entries[1].pk, item.pk])
    assert 'name="kind" value="check_form"' in sign_in(people["organiser"], fresh=True).get(check).content.decode()
    with pytest.raises(NotAllowed):
        issue("check_form", str(entries[1].pk), language="en", actor=entries[1].application.created_by, at=at)


def test_ranks_of_a_check_are_never_public(draft, organiser):
    competition = publish_competition(draft, actor=organiser, at=NOW)
    Competition.objects.filter(pk=competition.pk).update(public_ranks=True, public_not_chosen=True, public_order="rank")
    competition.refresh_from_db()
    round, _entries, people = _judged(competition)
    at = NOW + timedelta(days=22)
    pass_rest(round, expected=36, actor=people["organiser"], at=at)
    release(close_round(round, actor=people["organiser"], at=at), people, at=at)
    page = Client().get(reverse("public:result", args=[competition.code, round.code]))
    assert [row["rank"] for row in page.context["rows"]] == [None] * 4
    assert (page.context["race"], page.context["ranked"]) == (None, False)
