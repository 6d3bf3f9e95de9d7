"""A round decided by a vote, from its set-up to what everybody reads once it is released; in both languages."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition.selectors.rules import advancement_of, rules_edition
from competition.services.documents import issue
from competition.services.release import sign_release
from competition.services.rounds import edit_round
from evaluations.models import Assignment, Ballot, Sheet
from ledger.domain.reason import Refused
from tests.cast import sign_in
from tests.factories.accounts import give
from tests.factories.decisions import make_staff, to_meeting
from tests.factories.desks import make_judge, make_judged_entry
from tests.factories.jury import VOTE, bind, cast, close, make_jury, opened, sit, vote
from tests.factories.setup import basics_of, make_complete, make_organiser, windows

pytestmark = pytest.mark.django_db
TWO = ("甲集群", "乙集群")
LANGUAGES = {"en": "en", "zh": "zh-hans"}
TYPED = {
    "kind": "vote",
    "vote_quorum": "number",
    "vote_ballots": "3",
    "vote_majority": "2/3",
    "vote_basis": "present",
    "vote_most": "5",
    "scope": "overall",
    "at_the_line": "panel",
    "reserve": "1",
    "version": "1",
}


def url(scene, name, *arguments, app="evaluations"):
    return reverse(f"{app}:{name}", args=[scene.competition.pk, *arguments])


def text(page) -> str:
    return page.content.decode()


def speaking(person, language) -> Client:
    """Their browser, in their language."""
    if person is None:
        return Client(headers={"accept-language": LANGUAGES[language]})
    type(person).objects.filter(pk=person.pk).update(language=LANGUAGES[language])
    person.refresh_from_db()
    return sign_in(person)


# ---------------------------------------------------------------- set-up
@pytest.mark.parametrize(
    ("language", "majority", "no_rubric"),
    [("en", "more than 2/3 of the ballots handed in", "Decided by a vote"), ("zh", "超过已交表决票的 2/3", "由表决决定")],
)
def test_a_rule_by_vote_is_typed_said_checked_and_published_without_rubric_or_scheme(language, majority, no_rubric):
    organiser = make_organiser()
    competition = make_complete(organiser)
    client, first = speaking(organiser, language), competition.rounds.get(order=1)
    address = reverse("competition:advancement_edit", args=[competition.pk, first.pk])
    preview = client.post(reverse("competition:advancement_preview", args=[competition.pk, first.pk]), TYPED)
    assert majority in text(preview)
    assert client.post(address, TYPED).status_code == 302
    rule = advancement_of(first).rule
    assert rule["take"] == {"vote": {"quorum": 3, "majority": "2/3", "basis": "present", "most": 5}}
    form = client.get(address).context["form"]
    assert [form[name].value() for name in TYPED if name.startswith("vote")] == ["number", 3, "2/3", "present", 5]
    for name in ("rubric_edit", "scheme_edit"):
        assert no_rubric in text(client.get(reverse(f"evaluations:{name}", args=[competition.pk, first.pk])))
    edit_round(first, basics=basics_of(first) | {"seats": 2}, windows=windows(), version=None, actor=organiser, at=timezone.now())
    check = reverse("competition:competition_check", args=[competition.pk])
    assert "take.vote.quorum" in text(client.get(check))
    first.refresh_from_db()
    edit_round(first, basics=basics_of(first) | {"seats": 9}, windows=windows(), version=None, actor=organiser, at=timezone.now())
    assert client.get(check).context["items"] == []
    assert client.post(reverse("competition:competition_publish", args=[competition.pk])).status_code == 302
    content = rules_edition(competition).content["rounds"][0]
    assert (content["rubric"], content["scheme"], content["advancement"]) == (None, None, rule)
    assert not first.rubrics.exists() and not first.schemes.exists()
    assert competition.rounds.get(order=2).schemes.exists()
    page = text(speaking(None, language).get(reverse("public:rules", args=[competition.code])))
    assert majority in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"vote_ballots": ""}, "vote_ballots"),
        ({"vote_majority": "other"}, "vote_percent"),
        ({"vote_majority": "other", "vote_percent": "100"}, "vote_percent"),
        ({"vote_majority": ""}, "vote_majority"),
        ({"vote_quorum": ""}, "vote_quorum"),
        ({"vote_most": "", "reserve": "1"}, "reserve"),
        ({"vote_most": "", "reserve": "0", "floor_1_of": "region:320000", "floor_1_min": "1"}, "floor_1_of"),
    ],
)
def test_a_vote_that_cannot_work_is_told_at_its_field(change, field):
    organiser = make_organiser()
    competition = make_complete(organiser)
    first = competition.rounds.get(order=1)
    page = sign_in(organiser).post(reverse("competition:advancement_edit", args=[competition.pk, first.pk]), TYPED | change)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])


# ---------------------------------------------------------------- the jury and its ballots
def test_the_organiser_seats_the_jury():
    scene = make_jury(members=3, entries=TWO)
    bind(scene, scene.members[0], "乙集群")
    client = sign_in(scene.organiser)
    assert url(scene, "jury_edit", scene.round.pk) in text(client.get(url(scene, "assignment_board", scene.round.pk)))
    page = client.get(url(scene, "jury_edit", scene.round.pk))
    assert [(member.free, member.excused, box.data["selected"]) for member, box in page.context["rows"]] == [
        (1, 1, True),
        (2, 0, True),
        (2, 0, True),
    ]
    refused = client.post(url(scene, "jury_edit", scene.round.pk), {})
    assert refused.status_code == 422 and refused.context["form"].errors["members"]
    assert client.post(url(scene, "jury_edit", scene.round.pk), {"members": ["0"]}).status_code == 422
    chosen = {"members": [member.pk for member in scene.members[:2]]}
    assert client.post(url(scene, "jury_edit", scene.round.pk), chosen).status_code == 302
    assert Assignment.objects.filter(state="proposed").count() == 3
    board = client.get(url(scene, "assignment_board", scene.round.pk))
    assert [row.short for row in board.context["rows"]] == [0, 0]


def test_the_page_of_the_jury_asks_as_often_for_three_as_for_one():
    scene = make_jury(members=1)
    client, address = sign_in(scene.organiser), url(scene, "jury_edit", scene.round.pk)

    def asked():
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    one = asked()
    for name in ("乙集群", "丙集群"):
        make_judge(scene)
        make_judged_entry(scene, name=name)
    assert asked() == one


@pytest.mark.parametrize(
    ("language", "question", "handed_in"), [("en", "Shall ", "is handed in"), ("zh", "是否同意甲集群晋级？", "的表决票已提交")]
)
def test_a_member_votes_on_a_page_that_saves_by_itself(language, question, handed_in):
    scene = make_jury(members=2)
    sit(scene)
    member = scene.members[0]
    sheet = opened(scene, member, "甲集群")
    client = speaking(member.user, language)
    page = client.get(url(scene, "sheet_edit", sheet.pk))
    assert question in text(page) and "data-ballot" in text(page)
    save = url(scene, "sheet_save", sheet.pk)

    def send(**body):
        return client.post(save, json.dumps({"version": 0, "key": "k" * 12, "marks": {}} | body), content_type="application/json")

    assert send(marks={"vote": "yes"}, comment="基础好").json()["version"] == 1
    refused = send(marks={"vote": "perhaps"}, version=1, key="m" * 12)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["vote"])
    assert send(marks={"vote": "no"}, version=0, key="n" * 12).status_code == 409
    assert client.get(save).json()["marks"] == {"vote": "yes"}
    page = client.get(url(scene, "sheet_edit", sheet.pk))
    assert [chosen for _code, _words, chosen in page.context["choices"]] == [True, False, False]
    submit = client.get(url(scene, "sheet_submit", sheet.pk))
    done = client.post(
        url(scene, "sheet_submit", sheet.pk), {"version": submit.context["version"], "key": submit.context["key"]}, follow=True
    )
    assert handed_in in text(done) and "基础好" in text(done)
    assert Sheet.objects.get(pk=sheet.pk).state == "submitted"


def test_without_a_script_the_form_saves_and_keeps_what_was_chosen():
    scene = make_jury(members=2)
    sit(scene)
    member = scene.members[0]
    sheet = opened(scene, member, "甲集群")
    client, address = sign_in(member.user), url(scene, "sheet_edit", sheet.pk)
    assert client.post(address, {"version": 0, "mark-vote": "abstain", "comment": "", "then": "submit"}).url.endswith("/submit/")
    assert Ballot.objects.get(sheet=sheet).answer == "abstain"
    other = client.post(address, {"version": 0, "mark-vote": "no", "comment": "另一处"})
    assert (other.status_code, other.context["answer"], other.context["answer_there"]) == (409, "no", "弃权")
    assert other.context["comment"] == "另一处"
    wrong = client.post(address, {"version": 1, "mark-vote": "ja", "comment": ""})
    assert wrong.status_code == 422 and wrong.context["answer_refused"]


def test_before_the_closing_staff_see_how_many_are_in_and_nothing_else():
    scene = make_jury(members=2)
    sit(scene)
    sheet = cast(scene, scene.members[0], "甲集群", "no", "理由暗号叁")
    client = sign_in(scene.organiser)
    progress = client.get(url(scene, "round_progress", scene.round.pk))
    assert progress.context["all"].done == 1 and "理由暗号叁" not in text(progress)
    assert client.get(url(scene, "standings", scene.round.pk)).status_code == 403
    assert client.get(url(scene, "standing_entry", scene.round.pk, scene.entries["甲集群"].pk)).status_code == 403
    assert client.get(url(scene, "sheet_edit", sheet.pk)).status_code == 403
    assert sign_in(scene.members[1].user).get(url(scene, "sheet_edit", sheet.pk)).status_code == 404


# ---------------------------------------------------------------- closed, proposed, released
@pytest.fixture
def closed():
    scene = make_jury(
        VOTE | {"take": {"vote": {"quorum": 3, "majority": "50", "basis": "cast", "most": 1}}, "reserve": 1},
        members=5,
        entries=("甲集群", "乙集群", "丙集群"),
        public_not_chosen=True,
        public_ranks=True,
    )
    vote(scene, {"甲集群": "yyyyx", "乙集群": "yyynn", "丙集群": "yynna"})
    scene.people = make_staff(scene.round)
    close(scene)
    return scene


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("4 of 4 voted, 1 excused for a conflict of interest and not counted: 4 yes, 0 no", "not more than 50 %", "Yes / may vote")),
        (
            "zh",
            ("4 人有表决权（另有 1 人因利益冲突回避，不计入），4 人投票：同意 4 票", "未超过同意票与反对票之和的 50 %", "同意票／有表决权"),
        ),
    ],
)
def test_what_each_page_says_once_the_round_is_closed_and_released(closed, language, words):
    scene, entry = closed, closed.entries["甲集群"]
    staff = speaking(scene.people["organiser"], language)
    page = staff.get(url(scene, "standings", scene.round.pk))
    assert [(row.entry_id, row.place, row.counts.yes) for row in page.context["rows"]] == [
        (scene.entries["甲集群"].pk, 1, 4),
        (scene.entries["乙集群"].pk, 2, 3),
        (scene.entries["丙集群"].pk, 3, 2),
    ]
    assert words[1] in text(page)
    inner = staff.get(url(scene, "standing_entry", scene.round.pk, entry.pk))
    assert [seat.evaluator.code for seat in inner.context["panel"]] == [member.code for member in scene.members[:4]]
    assert staff.get(url(scene, "standing_why", scene.round.pk, entry.pk)).status_code == 302
    assert staff.get(url(scene, "standings_analysis", scene.round.pk)).status_code == 404
    assert staff.post(url(scene, "analysis_ask", scene.round.pk)).status_code == 409
    proposal = to_meeting(scene.round, scene.people)
    assert [row.outcome for row in proposal.rows.order_by("rank")] == ["advance", "reserve", "eliminated"]
    page = text(staff.get(url(scene, "proposal_detail", proposal.pk, app="competition")))
    assert words[0] in page and words[2] in page
    for kind, key in (("award_report", proposal.pk), ("panel_summary", scene.round.pk)):
        found = issue(kind, str(key), language=LANGUAGES[language], actor=scene.people["organiser"], at=timezone.now()).context
        assert found["vote"] is True
        row = found["lists"][0]["standings"][0] if "lists" in found else found["rows"][0]
        assert row["total"] == "4 / 4" if "lists" in found else row["counts"] == [4, 0, 0]
    applicant = entry.application.created_by
    give(applicant, "applicant", f"organisation:{entry.application.organisation_id}")
    own = speaking(applicant, language)
    mine = reverse("competition:application_detail", args=[scene.competition.pk, entry.application_id])
    assert words[0] not in text(own.get(mine))
    proposal.refresh_from_db()
    proposal_released(scene, proposal)
    assert words[0] in text(own.get(mine))
    assert own.get(url(scene, "own_figures", entry.application_id, scene.round.pk)).status_code == 404
    public = text(speaking(None, language).get(reverse("public:result", args=[scene.competition.code, scene.round.code])))
    assert words[0] not in public and words[1] not in public and words[2] not in public
    type(scene.round).objects.filter(pk=scene.round.pk).update(publication={"shown": "all", "order": "rank", "ranks": True, "totals": True})
    public = speaking(None, language).get(reverse("public:result", args=[scene.competition.code, scene.round.code]))
    assert [row["total"] for row in public.context["rows"]] == ["4 / 4", "3 / 5", "2 / 5"]
    assert words[2] in text(public)


def proposal_released(scene, proposal):
    for name in ("organiser", "decider"):
        sign_release(proposal, digest=proposal.digest, actor=scene.people[name], at=timezone.now())


def test_the_api_lists_ballots_in_the_standings_and_takes_an_answer(closed):
    row = sign_in(closed.people["organiser"]).get(f"/api/v1/rounds/{closed.round.pk}/standings/").json()["results"][0]
    assert row["ballots"] == {"members": 4, "yes": 4, "no": 0, "abstain": 0, "excused": 1} and row["total"] is None


def test_a_ballot_is_printed_for_who_may_read_it(closed):
    sheet = Sheet.objects.filter(state="locked").select_related("assignment__evaluator__user").order_by("pk").first()
    document = issue("ballot", str(sheet.pk), language="en", actor=sheet.assignment.evaluator.user, at=timezone.now())
    assert document.number.startswith("BT")
    answers = [row["words"] for row in document.context["answers"] if row["chosen"]]
    assert (answers, document.context["evaluator"]) == (["Yes"], sheet.assignment.evaluator.code)
    assert (document.context["digest"], document.context["revision"]) == (sheet.versions.get().digest, 1)
    other = Sheet.objects.exclude(assignment__evaluator=sheet.assignment.evaluator).select_related("assignment__evaluator__user").first()
    with pytest.raises(Refused):
        issue("ballot", str(sheet.pk), language="en", actor=other.assignment.evaluator.user, at=timezone.now())
    page = sign_in(sheet.assignment.evaluator.user, fresh=True).get(url(closed, "sheet_edit", sheet.pk))
    assert 'name="kind" value="ballot"' in page.content.decode()


def test_a_ballot_has_no_score_sheet_and_no_scheme_is_tried_on_a_vote(closed):
    sheet = Sheet.objects.filter(state="locked").first()
    with pytest.raises(Refused) as refusal:
        issue("score_sheet", str(sheet.pk), language="en", actor=closed.people["organiser"], at=timezone.now())
    assert refusal.value.reasons[0].code == "evaluations.ballot_not_printed"
    assert closed.round not in __import__("evaluations.selectors.trials", fromlist=["finished_rounds"]).finished_rounds(
        closed.people["organiser"]
    )
