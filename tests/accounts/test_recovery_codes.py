"""Recovery codes: hashes in the database, shown once, each good once; those printed under older versions stay good."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse

from accounts import seeds
from accounts.recovery_codes import RecoveryCodes, plain
from accounts.services.factor import hash_recovery_codes
from tests.factories.accounts import PASSWORD, totp_code

pytestmark = pytest.mark.django_db


def row(user):
    return Authenticator.objects.get(user=user, type="recovery_codes")


def opens(code) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": "lin@example.org", "password": PASSWORD})
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302


def test_of_each_code_the_database_has_a_hash_with_its_own_salt(decider):
    made = Authenticator.wrap(RecoveryCodes.activate(decider).instance).instance.fresh
    data = row(decider).data
    assert set(data) == {"hashes", "numbered"}
    assert [check_password(plain(code), stored) for code, stored in zip(made, data["hashes"], strict=True)] == [True] * 10
    assert len({stored.split("$")[1] for stored in data["hashes"]}) == 10


def test_a_code_opens_once_however_it_is_typed(decider):
    code = RecoveryCodes.activate(decider).instance.fresh[3]
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert [opens(wrong), opens("7" + code[1:]), opens(code.replace("-", " ").upper()), opens(code)] == [False, False, True, False]
    assert row(decider).wrap().get_unused_codes() == [0, 1, 2, 4, 5, 6, 7, 8, 9]


def test_codes_on_paper_from_an_older_version_stay_good(decider):
    """The row as allauth writes it, with the third code used; printed codes are what allauth gives for its seed."""
    old = Authenticator.objects.create(user=decider, type="recovery_codes", data={"seed": seeds.encrypt("ab" * 40), "used_mask": 4})
    printed = auth.RecoveryCodes.__mro__[1](old).generate_codes()
    assert len(printed) == 10 and all(len(code) == 8 for code in printed)
    assert (hash_recovery_codes(), hash_recovery_codes()) == ((1, set()), (0, set()))
    data = row(decider).data
    assert set(data) == {"hashes", "numbered", "salt"} and [place for place, stored in enumerate(data["hashes"]) if not stored] == [2]
    assert [opens(printed[2]), opens(printed[6]), opens(printed[6])] == [False, True, False]
    assert row(decider).wrap().get_unused_codes() == [0, 1, 3, 4, 5, 7, 8, 9]


def test_a_seed_under_a_foreign_secret_key_is_told(decider, settings):
    Authenticator.objects.create(user=decider, type="recovery_codes", data={"seed": seeds.encrypt("ab" * 40), "used_mask": 0})
    settings.SECRET_KEY = "of another installation"
    assert hash_recovery_codes() == (0, {decider.pk})


@pytest.mark.django_db(transaction=True)
def test_codes_are_shown_and_downloaded_when_they_are_made_and_never_again(client, decider):
    client.post(reverse("account_login"), {"login": "lin@example.org", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": totp_code()})
    client.post(reverse("mfa_reauthenticate"), {"code": totp_code(1)})
    made = client.post(reverse("mfa_generate_recovery_codes"))
    assert made.url == reverse("mfa_view_recovery_codes")
    first, again = client.get(made.url), client.get(made.url)
    codes = first.context["codes"]
    assert len(codes) == 10 and all(code in first.content.decode() for code in codes)
    assert (again.context["codes"], again.context["left"]) == ([], 10)
    file = client.post(reverse("mfa_download_recovery_codes"), {"code": codes})
    assert file.content.decode().split() == codes and file["Content-Disposition"].startswith("attachment")
    assert client.post(reverse("mfa_download_recovery_codes"), {"code": ["<script>"]}).status_code == 400
    assert opens(codes[0])
