"""Passkeys beside the app: set up, for signing in, and again for acts that cannot be taken back."""

import json
import re
import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from accounts import second_factor
from accounts.models import ApiToken
from ledger.models import Record
from tests.cast import sign_in
from tests.factories.accounts import PASSWORD, give, make_user

UNREADABLE = [
    "",
    "no json",
    "[]",
    "null",
    "7",
    "{}",
    json.dumps({"id": "x", "rawId": "x", "type": "public-key", "response": {}}),
    json.dumps({"id": 1, "rawId": None, "type": [], "response": 3}),
    json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "AAAA", "attestationObject": "oA", "authenticatorData": "AA", "signature": "AA"},
        }
    ),
    json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "eyJ0eXBlIjoieCJ9", "attestationObject": "gA", "authenticatorData": "", "signature": "é"},
        }
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", UNREADABLE)
def test_an_answer_of_no_device_is_refused_in_words(text):
    user = make_user("Organiser")
    give(user, "organiser", "*")
    page = sign_in(user, fresh=True)
    page.get("/account/2fa/passkeys/add/")  # a question is open
    answer = page.post("/account/2fa/passkeys/add/", {"name": "x", "credential": text})
    assert answer.status_code == 200 and answer.context["form"].errors
    assert not Authenticator.objects.filter(type="webauthn").exists()
    stale = sign_in(user)
    refused = stale.post("/account/keys/", {"name": "x", second_factor.PASSKEY_FIELD: text or "{"})
    assert (refused.status_code, len(refused.context["errors"])) == (422, 1)


@pytest.mark.django_db
def test_who_has_no_passkey_is_asked_for_none():
    user = make_user("Organiser")
    give(user, "organiser", "*")
    assert "data-passkey" not in sign_in(user).post("/account/keys/", {"name": "x"}).content.decode()


def device(page):
    """A device that holds passkeys, as Chromium plays one, and whose person agrees at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def go_stale() -> None:
    """The second factor of every session was given an hour ago."""
    for row in Session.objects.all():
        store = SessionStore(row.session_key)
        for record in store.get(RECORDS, []):
            record["at"] = time.time() - 3600
        store.save()


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_set_up_signs_in_and_confirms(page, axe):
    user = make_user("Organiser", email="organiser@example.org", language="en")
    give(user, "organiser", "*", second_factor=False)
    device(page)

    def sign_in_with_password():
        page.goto("/account/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")

    sign_in_with_password()
    page.wait_for_url(re.compile("/2fa/totp/activate/"))
    page.goto(page.locator("a[href$='/2fa/passkeys/add/']").get_attribute("href"))
    axe(page)
    page.fill("input[name=name]", "Office laptop")
    page.click("[data-passkey] button")
    page.wait_for_url(re.compile("/2fa/recovery-codes/"))
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Office laptop"
    added = Record.objects.filter(action="second_factor.add").order_by("pk")
    assert [record.after["type"] for record in added] == ["webauthn", "recovery_codes"]
    page.goto("/account/2fa/passkeys/")
    axe(page)
    page.context.clear_cookies()
    sign_in_with_password()
    page.wait_for_url(re.compile("/2fa/authenticate/"))
    axe(page)
    page.click("[data-passkey] button")
    page.wait_for_url(re.compile("/organising/"))
    go_stale()
    page.goto("/account/keys/")
    page.fill("input[name=name]", "Nightly transfer")
    page.click("main button.primary[type=submit]")
    page.locator("[data-passkey] button").wait_for()
    axe(page)
    page.click("[data-passkey] button")
    page.locator("code.hash-line").wait_for()
    assert ApiToken.objects.get().name == "Nightly transfer"
