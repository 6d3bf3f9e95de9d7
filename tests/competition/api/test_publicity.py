"""An organiser's program after the release: objections, awards, certificates."""

from datetime import timedelta

import pytest

from competition.models import Award, Condition
from jobs.services import run_queued
from tests.accounts.test_tokens import ask, codes, key
from tests.competition.api.test_intake import post
from tests.factories.competition import NOW
from tests.factories.decisions import make_staff, release, to_meeting
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db
TOTALS = ("91.20", "88.45", "80.10", "70.05")


@pytest.fixture
def released(settings, monkeypatch):
    settings.SECOND_FACTOR_REQUIRED = False
    round, entries = make_closed_round(TOTALS)
    people = make_staff(round)
    notice = release(round, people, at=NOW).notice
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=2))
    return round, entries, people, notice


def test_an_objection_is_recorded_once_and_decided_by_somebody_impartial(released):
    round, entries, people, notice = released
    _, text = key(people["organiser"], "read", "organise")
    body = {"objector_kind": "person", "objector": "王某", "contact": "139", "text": "数据有误。"}
    body |= {"entry": entries[0].pk, "received_at": (NOW + timedelta(hours=1)).isoformat()}
    other, _ = make_closed_round(TOTALS[:1])
    assert list(post(text, "objection_make", notice.pk, body | {"entry": other.entries.get().pk}).json()["fields"]) == ["entry"]
    assert list(post(text, "objection_make", notice.pk, body | {"received_at": "0001-01-01T00:00:00Z"}).json()["fields"]) == ["received_at"]
    made, again = (post(text, "objection_make", notice.pk, body, **{"Idempotency-Key": "o"}) for _ in range(2))
    assert (made.status_code, again.json()["id"], made.json()["objector"]) == (201, made.json()["id"], "王某")
    [row] = ask(text, "/api/v1/objections/").json()["results"]
    assert (row["id"], row["state"], "objector" in row) == (made.json()["id"], "open", False)
    entries[0].refresh_from_db()
    assert entries[0].state == "suspended"
    ruled = post(key(people["decider"], "decide")[1], "objection_decision", row["id"], {"ruling": "reject", "decision": "查无实据。"})
    assert (ruled.json()["state"], ruled.json()["decision"]) == ("rejected", "查无实据。")
    assert post(text, "objection_withdrawal", row["id"]).status_code == 409
    assert post(key(people["evaluator"], "organise")[1], "objection_withdrawal", row["id"]).status_code == 403


def test_awards_are_given_drawn_and_revoked(released, monkeypatch):
    round, entries, people, notice = released
    _, text = key(people["organiser"], "read", "organise")
    early = post(text, "awards_give", round.pk, {"titles": ["cluster"]})
    assert (early.status_code, codes(early)) == (409, ["competition.publicity_running"])
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=25))
    given = post(text, "awards_give", round.pk, {"titles": ["cluster"]})
    assert (given.status_code, len(given.json()["awards"])) == (201, 3)
    assert post(text, "awards_give", round.pk, {"titles": ["cluster"]}).json() == {"awards": []}
    asked = post(text, "certificates", round.pk)
    assert (asked.status_code, asked.json()["missing"]) == (202, 3)
    assert ask(text, asked.json()["job"]).json()["kind"] == "certificates.issue"
    run_queued(["certificates.issue"])
    assert post(text, "certificates", round.pk).json() == {"missing": 0, "job": asked.json()["job"]}
    gone = post(text, "revocation", given.json()["awards"][0], {"reason": "材料造假。"})
    assert (gone.json()["state"], Award.objects.get(pk=gone.json()["id"]).revoke_reason) == ("revoked", "材料造假。")


def test_a_condition_is_ruled_on(released):
    round, entries, people, _notice = released
    row = Condition.objects.create(entry=entries[0], text_zh="产值达标。", due_on=NOW.date() + timedelta(days=5))
    _, text = key(people["decider"], "read", "decide")
    [listed] = ask(text, f"/api/v1/conditions/?round={round.pk}").json()["results"]
    assert (listed["id"], listed["state"], listed["due_on"]) == (row.pk, "open", "2026-09-21")
    sooner = post(text, "condition_extension", row.pk, {"due_on": "2026-09-20", "ground": "延期。"})
    assert (sooner.status_code, list(sooner.json()["fields"])) == (409, ["due_on"])
    later = post(text, "condition_extension", row.pk, {"due_on": "2026-10-09", "ground": "延期。"})
    assert (later.json()["state"], later.json()["due_on"], later.json()["ground"]) == ("open", "2026-10-09", "延期。")
    assert codes(post(text, "condition_missed", row.pk, {"ground": "未达标。"})) == ["competition.condition_not_due"]
    assert post(key(people["supervisor"], "decide")[1], "condition_met", row.pk, {"ground": "达标。"}).status_code == 403
    assert post(text, "condition_met", row.pk, {"ground": "达标。"}).json()["state"] == "met"


def test_no_key_signs_or_releases(released):
    """Whatever its scopes: a tabled proposal with its meeting stays unsigned, and the addresses end there."""
    round, _entries = make_closed_round(TOTALS)
    people = make_staff(round)
    proposal = to_meeting(round, people)
    _, text = key(people["decider"], "read", "apply", "judge", "recommend", "organise", "decide")
    for verb in ("signature", "sign", "release"):
        for method in ("post", "put", "patch"):
            assert ask(text, f"/api/v1/proposals/{proposal.pk}/{verb}/", method).status_code == 404
            assert ask(text, f"/api/v1/rounds/{round.pk}/{verb}/", method).status_code == 404
    assert not proposal.signatures.exists()
