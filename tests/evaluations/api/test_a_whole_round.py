"""A small round that nobody opens a browser for: taken in, recommended, accepted, judged, closed, its proposal tabled. What only pages
do (the undertaking, the question of conflicts) is done by their services."""

import copy
import json
from datetime import timedelta

import pytest
from django.urls import reverse

from competition.models import AdvancementRule
from evaluations.models import Assignment, Scheme
from evaluations.services.assignments import confirm, sign_undertaking
from jobs.models import Job
from jobs.services import run_queued
from ledger.models import Record
from tests.accounts.test_tokens import ask, codes, key
from tests.factories.accounts import give, make_user
from tests.factories.applying import ANSWERS, DEFINITION, make_applicant
from tests.factories.competition import NOW
from tests.factories.evaluations import add_unweighted, make_evaluator, make_rubric
from tests.factories.judging import DEFINITION as SCHEME
from tests.factories.recommending import make_asking_call, make_speaker

pytestmark = pytest.mark.django_db
MARKS = ((("80", "90"), ("75", "85")), (("84", "84"), ("80", "78")))  # of each entry by each evaluator: A1 and B1


class Clock:
    now = NOW

    def __call__(self):
        return self.now


class Program:
    """One person's program; every change is sent with a key of its own."""

    sent = 0

    def __init__(self, person, *scopes):
        _, self.text = key(person, "read", *scopes, days=60, at=NOW)

    def get(self, name, *arguments, **query):
        return ask(self.text, reverse(f"api_{name}", args=arguments), data=query)

    def act(self, name, *arguments, body=None, expected=200, method="post", tag=None):
        Program.sent += 1
        headers = {"Idempotency-Key": f"sent-{Program.sent}"} | ({"If-Match": tag} if tag else {})
        answer = ask(self.text, reverse(f"api_{name}", args=arguments), method, data=json.dumps(body or {}), headers=headers)
        assert answer.status_code == expected, (name, answer.content.decode())
        return answer.json()


@pytest.fixture
def clock(monkeypatch, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


def without_files(definition):
    found = copy.deepcopy(definition)
    for section in found["sections"]:
        section["fields"] = [row for row in section["fields"] if row["type"] != "attachment"]
    found["sections"] = [section for section in found["sections"] if section["fields"]]
    return found


@pytest.fixture
def race(clock):
    call = make_asking_call({"320000": 2}, definition=without_files(DEFINITION))
    make_rubric(call.round, {"A1": 60, "B1": 40})
    add_unweighted(call.round, {"V1": ("veto", "organiser")})
    Scheme.objects.create(round=call.round, version=1, definition=SCHEME, digest="d" * 64)
    rule = {"take": {"top": 1}, "scope": "overall", "reserve": 0}
    AdvancementRule.objects.create(round=call.round, version=1, rule=rule, digest="a" * 64, frozen_at=NOW)
    call.clock = clock
    call.evaluators = [make_evaluator(make_user()) for _ in range(2)]
    for evaluator in call.evaluators:
        give(evaluator.user, "evaluator", f"competition:{call.competition.pk}")
    call.decider = make_user()
    give(call.decider, "decider", f"competition:{call.competition.pk}")
    return call


def test_from_intake_to_the_table(race):
    organiser = Program(race.organiser, "organise")
    entries = [taken_in(race, organiser) for _ in range(2)]
    in_order(race)
    judged(race, organiser, entries)
    closed(race, organiser)
    tabled(race, organiser, entries)


def taken_in(race, organiser):
    """An application of its own, recommended and accepted: its entry."""
    person, cluster = make_applicant()
    applicant, region = Program(person, "apply"), Program(make_speaker(), "recommend")
    start = {"competition": race.competition.pk, "cluster": cluster.pk, "track": "information"}
    application = applicant.act("applications", body=start, expected=201)["id"]
    tag = applicant.get("draft", application).headers["ETag"]
    draft = applicant.act("draft", application, body={"data": ANSWERS}, method="put", tag=tag)
    applicant.act("submission", application, tag=f'"{draft["version"]}"', expected=201)
    organiser.act("acceptance", application, expected=409)  # without the word of its region
    [asked] = region.get("recommendations", application=application).json()["results"]
    said = region.act("approval", asked["id"], body={"opinion": "同意推荐。"})
    assert (said["state"], said["revision"]) == ("recommended", 1)
    assert organiser.act("acceptance", application)["state"] == "accepted"
    [entry] = organiser.get("entries", application=application).json()["results"]
    return entry["id"]


def in_order(race):
    """The last one first; who saw the order before is told the one that holds."""
    region = Program(make_speaker(), "recommend")
    [quota] = region.get("quotas").json()["results"]
    assert {name: quota[name] for name in ("places", "used", "left", "waiting")} == {"places": 2, "used": 2, "left": 0, "waiting": 0}
    shown = region.get("quota_order", quota["id"])
    first, second = shown.json()["order"]
    turned = region.act("quota_order", quota["id"], body={"order": [second, first]}, method="put", tag=shown.headers["ETag"])
    assert turned == {"order": [second, first]} == region.get("quota_order", quota["id"]).json()
    late = region.act("quota_order", quota["id"], body={"order": [first, second]}, method="put", tag=shown.headers["ETag"], expected=409)
    assert (late["saved"], late["reasons"][0]["code"]) == ({"order": [second, first]}, "competition.preference_changed")
    region.act("quota_order", quota["id"], body={"order": [first]}, method="put", tag='"no"', expected=400)


def judged(race, organiser, entries):
    pool = organiser.get("evaluators", race.competition.pk).json()["results"]
    assert {row["id"]: row["load"] for row in pool} == {evaluator.pk: 0 for evaluator in race.evaluators}
    for entry in entries:
        for evaluator in race.evaluators:
            seat = organiser.act("seats", race.round.pk, body={"entry": entry, "evaluator": evaluator.pk}, expected=201)
            assert (seat["state"], seat["sheet_state"]) == ("proposed", None)
    assert organiser.act("seats_publication", race.round.pk) == {"published": 4}
    race.clock.now = race.round.judging_opens + timedelta(hours=1)
    assert organiser.act("round_judging", race.round.pk)["state"] == "judging"
    for place, evaluator in enumerate(race.evaluators):
        sign_undertaking(race.round, text="承诺", actor=evaluator.user, at=race.clock.now)
        program = Program(evaluator.user, "judge")
        for entry, marks in zip(entries, MARKS, strict=True):
            seat = Assignment.objects.get(entry=entry, evaluator=evaluator)
            confirm(seat, actor=evaluator.user, at=race.clock.now)
            [own] = [row for row in program.get("assignments").json()["results"] if row["id"] == seat.pk]
            first, second = marks[place]
            sheet = program.act("sheet", own["sheet"], body={"marks": {"A1": first, "B1": second}}, method="patch", tag='"0"')
            program.act("sheet_submission", own["sheet"], tag=f'"{sheet["version"]}"', expected=201)


def closed(race, organiser):
    refused = organiser.act("round_closing", race.round.pk, expected=409)
    assert [row["code"] for row in refused["reasons"]] == ["competition.checks_open"]
    unchecked = organiser.get("unchecked", race.round.pk).json()["results"]
    assert [row["criterion"] for row in unchecked] == ["V1", "V1"]
    organiser.act("passing", race.round.pk, body={"expected": 1}, expected=409)
    assert organiser.act("passing", race.round.pk, body={"expected": 2}) == {"passed": 2}
    found = organiser.get("findings", race.round.pk).json()["results"]
    assert [(row["criterion"], row["value"], row["together"]) for row in found] == [("V1", "1", True)] * 2
    run_queued(["standings.refresh"])
    assert organiser.act("round_closing", race.round.pk)["state"] == "closed"


def tabled(race, organiser, entries):
    """Means of 60 and 40 parts: 81.50 of the first entry, 81.60 of the second."""
    proposal = organiser.act("proposal_make", race.round.pk, expected=201)
    decider = Program(race.decider, "decide")
    readings = Record.objects.filter(action="standings.read").count()
    rows = decider.get("proposal_rows", proposal["id"]).json()["results"]
    assert [(row["entry"], row["rank"], row["outcome"]) for row in rows] == [(entries[1], 1, "advance"), (entries[0], 2, "eliminated")]
    assert Record.objects.filter(action="standings.read").count() == readings + 1
    assert decider.act("tabling", proposal["id"])["state"] == "tabled"
    meeting = {"number": "2026-7", "held_on": race.clock.now.date().isoformat()}
    assert decider.act("meeting", proposal["id"], body=meeting) == meeting
    changed = decider.act("outcome", proposal["id"], rows[1]["id"], body={"outcome": "reserve", "note": "会议决定。"})
    assert (changed["computed"], changed["outcome"], changed["note"]) == ("eliminated", "reserve", "会议决定。")
    terms = {"condition_zh": "产值达标。", "condition_due": (race.clock.now + timedelta(days=30)).date().isoformat()}
    bound = decider.act("outcome", proposal["id"], rows[0]["id"], body={"outcome": "advance"} | terms)
    assert {name: bound[name] for name in terms} == terms and bound["note"] == ""
    assert decider.act("outcome", proposal["id"], rows[0]["id"], body={"outcome": "advance"})["condition_zh"] == terms["condition_zh"]
    free = {"outcome": "advance", "condition_zh": "", "condition_due": None}
    assert decider.act("outcome", proposal["id"], rows[0]["id"], body=free)["condition_due"] is None
    assert codes(organiser.get("proposal_rows", proposal["id"] + 1)) == ["accounts.not_found"]
    assert not Job.objects.exclude(state__in=("queued", "done")).exists()
