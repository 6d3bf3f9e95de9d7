"""A program that asks without HTTPS is told so and not led on; its key is anybody's by then and ends."""

import pytest
from django.test import Client

from accounts.models import ApiToken
from ledger.models import Record
from tests.accounts.test_tokens import ME, codes, key
from tests.factories.accounts import give, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECOND_FACTOR_REQUIRED = False
    owner = make_user()
    give(owner, "evaluator", "competition:1")
    return key(owner)[1]


def ask(address, text=None, **how):
    return Client().get(address, headers={"Authorization": f"Bearer {text}"} if text else {}, **how)


def test_a_key_sent_in_the_clear_is_ended(text):
    assert ask(ME, text, secure=True).status_code == 200
    first, again = ask(ME, text), ask(ME, text)
    assert (first.status_code, codes(first), codes(again)) == (403, ["accounts.token_exposed"], ["accounts.https_only"])
    assert ask(ME, text, secure=True).status_code == 401
    record = Record.objects.get(action="token.end")
    assert (record.actor, record.subject, record.after) == ("system", f"token:{ApiToken.objects.get().pk}", {"why": "exposed"})


def test_who_has_no_key_is_refused_and_pages_are_led_on(text):
    assert codes(ask("/api/v1/jobs/")) == codes(ask("/api/v1/nothing/", "saima_unknown")) == ["accounts.https_only"]
    for address in ("/", "/api/docs/", "/api/schema/", "/account/login/"):
        page = ask(address)
        assert (page.status_code, page.headers["Location"]) == (301, f"https://testserver{address}"), address
    assert ask("/healthz").status_code == 200
    assert ApiToken.objects.get().ended_at is None
