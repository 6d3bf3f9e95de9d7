"""What an evaluator's program answers before it judges."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from competition.models import Conflict
from evaluations.models import Undertaking
from tests.accounts.test_tokens import ask, codes, key
from tests.factories.accounts import make_user
from tests.factories.desks import make_judge, make_judging, make_seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    scene = make_judging(at=timezone.now())
    evaluator = make_judge(scene, make_user(language="en"))
    Undertaking.objects.filter(evaluator=evaluator).delete()
    return scene, evaluator, [make_seat(scene, evaluator, state="published") for _ in range(2)]


def post(text, name, pk, body=None, **headers):
    return ask(text, reverse(f"api_{name}", args=[pk]), "post", data=json.dumps(body or {}), headers=headers)


def test_the_undertaking_is_read_signed_and_then_each_seat_answered(desk):
    scene, evaluator, (first, second) = desk
    _, text = key(evaluator.user, "read", "judge")
    assert codes(post(text, "seat_confirmation", first.pk)) == ["evaluations.undertaking_missing"]
    address = reverse("api_undertaking", args=[scene.round.pk])
    shown = ask(text, address, headers={"Accept-Language": "en"}).json()
    assert (shown["text"].splitlines()[-1][:13], shown["signed_at"]) == ("I know that w", None)
    other = post(text, "undertaking", scene.round.pk, {"digest": "0" * 64})
    assert (other.status_code, codes(other)) == (409, ["evaluations.undertaking_changed"])
    signed = post(text, "undertaking", scene.round.pk, {"digest": shown["digest"]}, **{"Accept-Language": "en"})
    assert signed.status_code == 200 and signed.json()["signed_at"] is not None
    assert Undertaking.objects.get(evaluator=evaluator).text_digest == shown["digest"]
    opened = post(text, "seat_confirmation", first.pk).json()
    assert (opened["state"], opened["sheet"]) == ("confirmed", first.sheet.pk)
    given_up = post(text, "recusal", second.pk, {"reason": "曾任顾问。", "kind": "adviser"})
    assert (given_up.status_code, given_up.json()["state"]) == (200, "recused")
    conflict = Conflict.objects.get(user=evaluator.user)
    assert (conflict.kind, conflict.note, conflict.cluster_id) == ("adviser", "曾任顾问。", second.entry.application.cluster_id)
    assert list(post(text, "recusal", first.pk, {"reason": "否", "kind": "cousin"}).json()["fields"]) == ["kind"]


def test_nobody_answers_for_somebody_else(desk):
    scene, evaluator, (first, _second) = desk
    other = make_judge(scene)
    _, text = key(other.user, "read", "judge")
    assert [post(text, name, first.pk).status_code for name in ("seat_confirmation", "recusal")] == [404, 404]
    assert ask(text, reverse("api_undertaking", args=[scene.round.pk])).status_code == 404
    assert codes(post(key(evaluator.user, "read")[1], "seat_confirmation", first.pk)) == ["accounts.token_scope_needed"]
