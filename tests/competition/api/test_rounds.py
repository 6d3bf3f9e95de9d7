"""The course of a round beyond its opening and closing: a re-opening asked for, a later deadline for the regions, what feeds an edition."""

from datetime import timedelta

import pytest

from competition.services.reopenings import reopen_round
from ledger.models import Record
from tests.accounts.test_tokens import ask, codes, key
from tests.competition.api.test_intake import act, post
from tests.factories.competition import NOW
from tests.factories.decisions import make_staff
from tests.factories.nominating import make_levels
from tests.factories.recommending import CLOSES, make_asking_call
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def test_a_reopening_is_asked_for_and_declined_and_its_yes_is_no_address():
    round, _entries = make_closed_round()
    staff = make_staff(round)
    _, text = key(staff["organiser"], "read", "organise")
    _, deciders = key(staff["decider"], "read", "decide")
    first, again = (post(text, "reopenings", round.pk, {"reason": "漏评一份。"}, **{"Idempotency-Key": "n1"}) for _ in range(2))
    assert (first.status_code, first.json()["approved"], first.json()) == (201, None, again.json())
    assert codes(post(text, "reopenings", round.pk, {"reason": "再次。"})) == ["competition.reopening_requested_already"]
    assert post(deciders, "reopenings", round.pk, {"reason": "我也。"}).status_code == 403
    no = post(deciders, "reopening_refusal", round.pk).json()
    assert (no["approved"], no["answered_by"], no["reason"]) == (False, str(staff["decider"].display_name()), "漏评一份。")
    assert codes(post(deciders, "reopening_refusal", round.pk)) == ["competition.reopening_not_requested"]
    post(text, "reopenings", round.pk, {"reason": "另一份。"})
    reopen_round(round, actor=staff["decider"], at=NOW)
    rows = ask(deciders, act("reopenings", round.pk)).json()["results"]
    assert [(row["reason"], row["approved"]) for row in rows] == [("另一份。", True), ("漏评一份。", False)]
    assert codes(post(text, "reopenings", round.pk, {"reason": "开着。"})) == ["competition.action_not_now"]
    assert Record.objects.filter(action="round.request_reopening").count() == 2


def test_the_regions_get_a_later_deadline_never_an_earlier_one():
    call = make_asking_call()
    _, text = key(call.organiser, "read", "organise")
    why = {"closes": (CLOSES + timedelta(hours=3)).isoformat(), "reason": "汛期。"}
    earlier = post(text, "recommendation_deadline", call.competition.pk, why | {"closes": (CLOSES - timedelta(days=1)).isoformat()})
    assert (earlier.status_code, codes(earlier), list(earlier.json()["fields"])) == (409, ["competition.deadline_forward"], ["closes"])
    moved = post(text, "recommendation_deadline", call.competition.pk, why)
    assert (moved.status_code, moved.json()["recommendation_closes"]) == (200, (CLOSES + timedelta(hours=3)).isoformat())
    assert post(key(make_asking_call().organiser, "organise")[1], "recommendation_deadline", call.competition.pk, why).status_code == 404


def test_what_feeds_an_edition_is_read():
    levels = make_levels()
    nation, source = levels.nation.competition, levels.chosen[0].round.competition
    rows = ask(key(levels.speaker)[1], act("feeders", nation.pk)).json()["results"]
    assert [(row["id"], row["region"], row["level"]) for row in rows] == [(source.pk, "320000", "province")]
    assert ask(key(levels.speaker)[1], act("feeders", source.pk)).status_code == 404
