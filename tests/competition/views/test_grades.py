"""Rounds whose rule has no number: grades, and thresholds only, on every page that tells of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from competition.models import Standing, Standings
from competition.selectors.outcomes import own_outcomes
from competition.services.awards import give_awards
from competition.services.documents import issue
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.decisions import make_staff, release, to_meeting
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db
FOUR = ("91.20", "88.45", "80.10", "70.05")
BANDS = [
    {"code": "excellent", "least": "91.20", "name_zh": "优秀", "name_en": "Excellent"},
    {"code": "good", "least": "80.10", "name_zh": "良好", "name_en": "Good"},
]
GRADES = {"take": {"bands": BANDS, "from": "good"}, "scope": "overall"}
ALL = {"take": "all", "scope": "overall"}


def url(name, round, *keys):
    return reverse(f"competition:{name}", args=[round.competition_id, *keys])


def standings_of(person, round, *entry):
    name = "standing_entry" if entry else "standings"
    return sign_in(person).get(reverse(f"evaluations:{name}", args=[round.competition_id, round.pk, *entry]))


def test_grades_stand_wherever_the_outcome_does():
    round, entries = make_closed_round(FOUR, rule=GRADES, public_not_chosen=True)
    people = make_staff(round)
    assert [row.grade for row in standings_of(people["organiser"], round).context["rows"]] == ["优秀", "良好", "良好", ""]
    assert "等级：优秀" in standings_of(people["organiser"], round, entries[0].pk).content.decode()
    proposal = to_meeting(round, people)
    page = sign_in(people["decider"]).get(url("proposal_detail", round, proposal.pk))
    assert [(row["grade"], row["row"].outcome) for row in page.context["lists"][0]["rows"]] == [
        ("优秀", "advance"),
        ("良好", "advance"),
        ("良好", "advance"),
        ("", "eliminated"),
    ]
    assert "等级：良好" in page.content.decode()
    report = issue("award_report", str(proposal.pk), language="en", actor=people["organiser"], at=timezone.now()).context
    assert [row["note"] for row in report["lists"][0]["standings"]] == ["grade: Excellent", "grade: Good", "grade: Good", ""]
    assert report["margins"][1:] == [
        f"{entries[3].application.cluster.name_en}: Rank 4 of 4; below every grade, and advancing begins"
        " with the grade “Good” at 80.1 points."
    ]


def test_where_the_scheme_rounds_no_total_the_exact_one_earns_the_grade():
    round, entries = make_closed_round(("91.20", "88.45"), rule=GRADES)
    Standings.objects.filter(round=round).update(method={"rounding": {"total": None}})
    Standing.objects.filter(entry=entries[0]).update(total="91.200000", exact="911999999/10000000")
    people = make_staff(round)
    proposal = to_meeting(round, people)
    assert [row.grade for row in standings_of(people["organiser"], round).context["rows"]] == ["良好", "良好"]
    assert proposal.rows.get(entry=entries[0]).reason["params"]["grade"] == {"zh": "良好", "en": "Good"}


@pytest.mark.parametrize("rule, lines", [(ALL, 0), ({"take": {"top": 2}, "scope": "overall"}, 1)])
def test_the_race_tells_of_a_cut_only_where_one_is_drawn(rule, lines):
    round, _entries = make_closed_round(FOUR, rule=rule, public_ranks=True, public_order="rank")
    release(round, make_staff(round))
    page = Client().get(reverse("public:result", args=[round.competition.code, round.code]))
    figure = page.content.decode().split('aria-labelledby="race"')[1].split("</section>")[0]
    assert page.context["race"]["cut"] is bool(lines)
    assert figure.split("<figure")[0].count("c-cut") == lines


def test_a_released_grade_is_told_to_the_public_the_applicant_and_on_the_certificate():
    round, entries = make_closed_round(FOUR, rule=GRADES, public_not_chosen=True)
    people = make_staff(round)
    release(round, people, at=timezone.now() - timedelta(days=40))
    page = Client(headers={"Accept-Language": "zh-CN"}).get(reverse("public:result", args=[round.competition.code, round.code]))
    assert {row["application"]: row["grade"] for row in page.context["rows"]} == dict(
        zip([entry.application_id for entry in entries], ["优秀", "良好", "良好", ""], strict=True)
    )
    applicant = make_user()
    give(applicant, "applicant", f"organisation:{entries[1].application.organisation_id}")
    application = entries[1].application
    with translation.override("en"):
        [own] = own_outcomes(applicant, application)
        assert (own.grade, own.reason.code) == ("Good", "competition.advance_grade")
    page = sign_in(applicant).get(reverse("competition:application_detail", args=[application.competition_id, application.pk]))
    assert "等级：良好" in page.content.decode()
    award = give_awards(round, titles=("cluster",), actor=people["organiser"], at=timezone.now())[0]
    context = issue("certificate", str(award.pk), language="zh-hans", actor=people["organiser"], at=timezone.now()).context
    assert context["grade"] == {"zh": "优秀", "en": "Excellent"}


def test_the_same_queries_for_one_and_three_grades():
    counts = []
    for totals in (FOUR[:1], FOUR[:3]):
        round, _entries = make_closed_round(totals, rule=GRADES)
        release(round, make_staff(round), at=timezone.now())
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("public:result", args=[round.competition.code, round.code])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("proposed", [False, True])
def test_thresholds_only_draw_no_line(proposed):
    round, entries = make_closed_round(FOUR, rule=ALL, public_ranks=True)
    Standing.objects.filter(entry=entries[1]).update(flags=["below_threshold"])
    people = make_staff(round)
    proposal = to_meeting(round, people) if proposed else None
    page = standings_of(people["organiser"], round)
    line = page.context["line"]
    assert (line.cut, line.reserve, line.lineless, line.ends) == (None, 0, True, [])
    words = page.content.decode()
    assert "规则不划晋级线" in words and "l-cut" not in words and "line-row" not in words
    if proposal is None:
        return
    assert [line.outcomes[entry.pk] for entry in entries] == ["advance", "eliminated", "advance", "advance"]
    page = sign_in(people["decider"]).get(url("proposal_detail", round, proposal.pk))
    words = page.content.decode()
    assert [row["lines"] for row in page.context["lists"][0]["rows"]] == [[], [], [], []]
    assert "参加排名 4 个，晋级 3 个；规则不划晋级线" in words and "l-cut" not in words and "line-row" not in words
    report = issue("award_report", str(proposal.pk), language="en", actor=people["organiser"], at=timezone.now()).context
    assert [row["line"] for row in report["lists"][0]["standings"]] == ["", "", "", ""]
    assert report["lists"][0]["lanes"]["cut"] is None
    assert report["margins"] == [f"{entries[1].application.cluster.name_en}: A threshold was not reached."]


def test_thresholds_only_draw_no_line_in_the_public_race():
    round, _entries = make_closed_round(FOUR, rule=ALL, public_ranks=True)
    release(round, make_staff(round), at=timezone.now())
    page = Client().get(reverse("public:result", args=[round.competition.code, round.code]))
    assert [stage["cut"] for stage in page.context["race"]["stages"]] == [None]
