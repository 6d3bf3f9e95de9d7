"""One-time links carry their secret where no server, log or machine that fetches letters' links sees it."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import selectors
from accounts.models import User
from accounts.services import invitation as services
from accounts.services.sign_up import ask_sign_up
from tests.factories.accounts import PASSWORD, make_invitation, make_user
from tests.secrecy.walk import routes

pytestmark = pytest.mark.django_db


def test_no_address_takes_a_secret_but_those_of_letters_from_before_an_upgrade():
    secrets = {"token", "key", "secret", "nonce", "password", "uidb36"}
    assert sorted(name for name, arguments in routes() if secrets & set(arguments)) == ["old_invitation_link", "old_sign_up_link"]


def test_no_letter_has_an_address_that_sends_a_secret(client, run_jobs):
    make_user(email="wang@example.org")
    services.invite("guest@example.org", role="organiser", scope="*", actor=None, at=timezone.now())
    ask_sign_up("new@example.org", language="en", at=timezone.now())
    client.post(reverse("account_reset_password"), {"email": "wang@example.org"})
    run_jobs()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["guest@example.org", "new@example.org", "wang@example.org"]
    for letter in mail.outbox:
        texts = [letter.body, letter.alternatives[0].content]
        sent = {
            word.split("#")[0] for text in texts for word in text.replace('"', " ").replace("<", " ").split() if word.startswith("http")
        }
        assert sent == {selectors.link_page()}


def test_fetching_the_page_uses_nothing_up(client):
    code = selectors.code(make_invitation("guest@example.org", role="organiser", scope="*"))
    for _ in range(2):
        assert Client().get(reverse("link_open")).status_code == 200
        assert Client().post(reverse("link_open"), {"code": code}).status_code == 302
    assert client.post(reverse("link_open"), {"code": code}, follow=True).status_code == 200


@pytest.mark.parametrize("wrap", ["{}", " {} ", "http://localhost:8000/account/link/#{}", "{:.20}\n"])
def test_a_code_is_taken_as_it_was_copied(client, wrap):
    code = selectors.code(make_invitation("guest@example.org", role="organiser", scope="*"))
    given = wrap.format(code) if "." not in wrap else f"{code[:20]}\n{code[20:]}"
    assert client.post(reverse("link_open"), {"code": given}, follow=True).status_code == 200


@pytest.mark.parametrize("given", ["", "hello", "i-1-abc", "s-1", "i-9999999999999999999-" + "a" * 40, "p-1-" + "é" * 9, "i-1-" + "a" * 41])
def test_what_is_no_code_is_said_at_the_field(client, given):
    page = client.post(reverse("link_open"), {"code": given})
    assert page.status_code == 422 and list(page.context["form"].errors) == ["code"]


def test_a_wrong_code_of_a_new_password_leads_to_a_new_letter(client):
    for given in ("p-1-c5abc-" + "0" * 32, "p-zzzzzzzzzzzzzzzzzz-c5abc-" + "0" * 32):
        assert client.post(reverse("link_open"), {"code": given}, follow=True).context["token_fail"]


def test_whoever_is_signed_in_as_somebody_else_sets_the_password_of_the_letter(client, run_jobs):
    make_user(email="li@example.org")
    client.post(reverse("account_reset_password"), {"email": "li@example.org"})
    run_jobs()
    code = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("p-"))
    client.force_login(make_user(email="wang@example.org"))
    page = client.post(reverse("link_open"), {"code": code}, follow=True)
    assert page.status_code == 200 and "_auth_user_id" not in client.session
    new = "four quiet horses 52"
    assert client.post(reverse("account_reset_password_from_key"), {"password1": new, "password2": new}).status_code == 302
    assert User.objects.get(email="li@example.org").check_password(new)
    assert User.objects.get(email="wang@example.org").check_password(PASSWORD)


def test_links_of_before_an_upgrade_open_until_they_end(client):
    invitation = make_invitation("guest@example.org", role="organiser", scope="*")
    sign_up = ask_sign_up("new@example.org", language="en", at=timezone.now())
    for row, place in ((invitation, "invitation"), (sign_up, "signup")):
        page = client.get(f"/account/{place}/{row.pk}/{selectors.code(row).rpartition('-')[2]}/", follow=True)
        assert (page.status_code, page.redirect_chain[-1][1]) == (200, 302)
        assert client.get(f"/account/{place}/{row.pk}/{'0' * 40}/", follow=True).status_code == 410
