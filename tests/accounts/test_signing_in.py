import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.password_rules import NotBreached, NotNearlyCommon, NotOfThisHouse
from tests.factories.accounts import PASSWORD, give, make_user, totp_code

pytestmark = pytest.mark.django_db


def attempt(client, email, password, address="10.0.0.1"):
    return client.post(reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=address)


def signed_in(client):
    return client.get(reverse("profile")).status_code == 200


def test_address_in_any_case(client, records):
    user = make_user(email="Wang.Fang@example.org")
    assert attempt(client, "WANG.fang@EXAMPLE.org", PASSWORD).url == reverse("home")
    assert signed_in(client)
    (record,) = records("login.succeed")
    assert (record.actor, record.subject, record.after) == (f"user:{user.pk}", f"user:{user.pk}", None)


def test_the_way_goes_on_where_it_was_interrupted(client):
    make_user(email="wang@example.org")
    page = client.get(client.get(reverse("profile")).url)
    assert f'value="{reverse("profile")}"' in page.content.decode()
    data = {"login": "wang@example.org", "password": PASSWORD, "next": reverse("profile")}
    assert client.post(reverse("account_login"), data).url == reverse("profile")
    elsewhere = Client().post(reverse("account_login"), data | {"next": "https://elsewhere.example/"})
    assert elsewhere.url == reverse("home")


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_second_factor_goes_through_in_one_go(client, records):
    user = make_user(email="lin@example.org")
    give(user, "supervisor", "competition:1", second_factor=False)
    attempt(client, "lin@example.org", PASSWORD)
    assert client.get(reverse("home")).url == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    code = format_hotp_value(hotp_value(page.context["form"].secret, int(time.time()) // 30))
    response = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert response.url == reverse("mfa_view_recovery_codes")
    assert client.get(response.url).status_code == 200
    assert client.get(reverse("home"), follow=True).status_code == 200
    added = [(record.actor, record.after["type"]) for record in records("second_factor.add")]
    assert added == [(f"user:{user.pk}", "totp"), (f"user:{user.pk}", "recovery_codes")]


def test_unknown_and_wrong_read_the_same(client):
    make_user(email="wang@example.org")
    wrong, unknown = (attempt(client, email, "no").context["form"].errors for email in ("wang@example.org", "nobody@example.org"))
    assert wrong == unknown and "__all__" in wrong


def test_one_account_locks_for_one_address_only(records):
    make_user(email="wang@example.org")
    make_user(email="li@example.org")
    hall, elsewhere = "10.0.0.1", "10.0.0.2"
    statuses = [attempt(Client(), "wang@example.org", "wrong", hall).status_code for _ in range(7)]
    assert statuses == [200, 200, 200, 200, 429, 429, 429]
    assert attempt(Client(), "wang@example.org", PASSWORD, hall).status_code == 429
    assert attempt(Client(), "li@example.org", PASSWORD, hall).status_code == 302
    assert attempt(Client(), "wang@example.org", PASSWORD, elsewhere).status_code == 302
    assert [record.actor for record in records("login.lock")] == ["system"]


def test_fifty_people_behind_one_address():
    for number in range(50):
        make_user(email=f"evaluator{number}@example.org")
    clients = [Client() for _ in range(50)]
    for number, client in enumerate(clients):
        attempt(client, f"evaluator{number}@example.org", "mistyped")
    statuses = [attempt(client, f"evaluator{number}@example.org", PASSWORD).status_code for number, client in enumerate(clients)]
    assert statuses == [302] * 50


def test_a_closed_account_does_not_open(client):
    make_user(email="gone@example.org", is_active=False)
    attempt(client, "gone@example.org", PASSWORD)
    assert not signed_in(client)


def test_the_second_factor_stands_between(client):
    user = make_user(email="lin@example.org")
    give(user, "decider", "competition:1")
    assert attempt(client, "lin@example.org", PASSWORD).url == reverse("mfa_authenticate")
    assert not signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not signed_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": totp_code()}).status_code == 302
    assert signed_in(client)


def test_a_code_works_once():
    user = make_user(email="lin@example.org")
    give(user, "decider", "competition:1")
    code = totp_code()
    first, second = Client(), Client()
    for client in (first, second):
        attempt(client, "lin@example.org", PASSWORD)
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert (signed_in(first), signed_in(second)) == (True, False)


def test_codes_cannot_be_guessed_for_long(client):
    user = make_user(email="lin@example.org")
    give(user, "decider", "competition:1")
    attempt(client, "lin@example.org", PASSWORD)
    for _ in range(10):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": totp_code()})
    assert not signed_in(client)


def test_a_new_password_by_mail_opens_a_locked_account(client, run_jobs):
    make_user(email="wang@example.org", language="en", name_en="Wang Fang")
    for _ in range(6):
        attempt(client, "wang@example.org", "wrong")
    assert client.post(reverse("account_reset_password"), {"email": "WANG@example.org"}).status_code == 302
    assert client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}).status_code == 302
    run_jobs()
    (letter,) = mail.outbox
    assert letter.to == ["wang@example.org"] and "Dear Wang Fang," in letter.body
    page, _hash, code = next(line for line in letter.body.splitlines() if line.startswith("http")).partition("#")
    assert page.endswith(reverse("link_open")) and code in letter.body.splitlines()
    path = client.post(reverse("link_open"), {"code": code}).url
    assert client.get(path).context["form"].errors == {}
    client.post(path, {"password1": "another long password 2", "password2": "another long password 2"})
    assert attempt(client, "wang@example.org", "another long password 2").status_code == 302
    assert User.objects.get(email="wang@example.org").check_password("another long password 2")
    assert client.post(reverse("link_open"), {"code": code}).url == path
    assert client.get(path).context["token_fail"]


def test_the_language_of_the_person_wins_and_is_kept(client):
    make_user(email="wang@example.org", language="en")
    attempt(client, "wang@example.org", PASSWORD)
    assert 'lang="en"' in client.get(reverse("profile")).content.decode()
    response = client.post(reverse("set_language"), {"language": "zh-hans", "next": reverse("profile")})
    assert response.url == reverse("profile")
    assert User.objects.get().language == "zh-hans"
    assert '<html lang="zh-Hans"' in client.get(reverse("profile")).content.decode()
    assert client.post(reverse("set_language"), {"language": "fr", "next": "https://elsewhere.example/"}).url == reverse("home")
    assert User.objects.get().language == "zh-hans"


@pytest.mark.parametrize(
    ("password", "holds"),
    [
        ("Saima-赛马-2026!", False),
        ("evaluator12345", False),
        ("cluster-admin-77-xyz", False),
        ("saima under three bridges", True),
        ("4071 8852 9316 0044", True),
    ],
)
def test_a_password_is_not_made_of_words_of_this_site(password, holds):
    try:
        NotOfThisHouse().validate(password)
        assert holds
    except ValidationError:
        assert not holds


@pytest.mark.parametrize("password", ["mailcreated5240", "1QAZ2wsx3edc ", "aristophanes"])
def test_a_password_is_not_one_that_a_breach_made_public(password):
    with pytest.raises(ValidationError):
        NotBreached().validate(password)


def test_the_list_of_breached_passwords_holds_those_that_our_rules_would_let_pass():
    known = NotBreached().passwords
    assert len(known) == 43_940 and min(map(len, known)) == 12
    assert NotBreached().validate("猴子骑着自行车过桥去") is None


@pytest.mark.parametrize(
    ("password", "holds"),
    [
        ("P@ssw0rd!2026", False),
        ("dragon-monkey-77", False),
        ("secretsecretsecret", False),
        ("1q2w3e4r5t6y", False),
        ("qwertyuiop98", False),
        ("x" * 5000, False),
        ("dragons and monkeys drink", True),
        ("4071 8852 9316 0044", True),
        ("猴子骑着自行车过桥去", True),
    ],
)
def test_a_password_is_not_a_common_one_made_longer(password, holds):
    try:
        NotNearlyCommon().validate(password)
        assert holds
    except ValidationError:
        assert not holds
