"""Seeds of apps lie in the database as ciphertext, follow a change of SECRET_KEY, and a code holds for its own half minute."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.urls import reverse

from accounts import seeds
from accounts.services.factor import encrypt_seeds
from config.settings import MFA_TOTP_TOLERANCE
from tests.factories.accounts import PASSWORD, SECRET, totp_code

pytestmark = pytest.mark.django_db


def stored(user):
    return Authenticator.objects.get(user=user, type="totp").data["secret"]


def enter(client, code):
    client.post(reverse("account_login"), {"login": "lin@example.org", "password": PASSWORD})
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_the_seed_does_not_stand_in_the_database_as_it_is(decider):
    assert seeds.is_current(stored(decider)) and seeds.decrypt(stored(decider)) == SECRET


def test_one_of_an_older_version_opens_and_is_encrypted_by_prepare(decider, client):
    Authenticator.objects.filter(user=decider).update(data={"secret": SECRET})
    assert enter(client, totp_code()).status_code == 302
    assert encrypt_seeds() == (1, set()) and encrypt_seeds() == (0, set())
    assert seeds.is_current(stored(decider)) and seeds.decrypt(stored(decider)) == SECRET


def test_a_new_secret_key_reads_the_old_one_while_it_is_a_fallback(decider, settings, client):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next one", [settings.SECRET_KEY]
    assert not seeds.is_current(stored(decider))
    assert encrypt_seeds() == (1, set())
    settings.SECRET_KEY_FALLBACKS = []
    assert enter(client, totp_code()).status_code == 302


def test_under_a_foreign_secret_key_no_code_opens_and_the_page_says_whom_to_ask(decider, settings, client):
    settings.SECRET_KEY = "of another installation"
    page = enter(client, totp_code())
    assert (page.status_code, len(page.context["form"].errors["code"])) == (200, 1)
    assert client.get(reverse("profile")).status_code == 302
    assert encrypt_seeds() == (0, {decider.pk})
    call_command("reset_second_factor", "lin@example.org", stdout=StringIO())
    assert not Authenticator.objects.filter(user=decider).exists()


@pytest.mark.parametrize(("steps", "opens"), [(-1, False), (1, False), (0, True)])
def test_a_code_holds_for_its_own_half_minute(decider, settings, client, steps, opens, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1_800_000_015.0)
    settings.MFA_TOTP_TOLERANCE = MFA_TOTP_TOLERANCE
    assert (enter(client, totp_code(steps)).status_code == 302) is opens
