"""Opening an account by oneself: the letter knows whether there is one, the pages do not."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts import selectors
from accounts.models import SignUp, User
from accounts.services import sign_up as services
from jobs.models import Job
from ledger.domain.reason import Refused
from tests.factories.accounts import PASSWORD, make_user
from tests.secrecy.walk import settled

pytestmark = pytest.mark.django_db
FORM = {"name_zh": "王芳", "name_en": "", "language": "en", "password": PASSWORD, "password_again": PASSWORD}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def asking(route, email):
    """What somebody who asks can see, and how much work was done for it."""
    with CaptureQueriesContext(connection) as queries:
        client = Client()
        response = client.post(reverse(route), {"email": email}, REMOTE_ADDR="10.0.0.7")
    work = [query["sql"].split()[0] for query in queries]
    return response.status_code, response.url, settled(client.get(response.url).content.decode()), work


OPEN = reverse_lazy("sign_up_open")


def follow(client, sign_up):
    assert client.post(reverse("link_open"), {"code": selectors.code(sign_up)}).url == OPEN
    return client.get(OPEN)


@pytest.mark.parametrize("route", ["account_signup", "account_reset_password"])
def test_known_and_unknown_addresses_get_the_same_page_and_the_same_work(route):
    make_user(email="known@example.org")
    assert asking(route, "known@example.org") == asking(route, "unknown@example.org")


def test_only_the_letter_says_that_there_is_an_account(run_jobs):
    make_user(email="known@example.org", language="en")
    for email in ("Known@example.org", "new@example.org"):
        services.ask_sign_up(email, language="zh-hans", at=timezone.now())
    run_jobs()
    known, new = sorted(mail.outbox, key=lambda letter: letter.to)
    assert (known.to, known.subject) == (["known@example.org"], "Saima: you already have an account")
    assert reverse("account_login") in known.body and "signup" not in known.body
    assert (new.to, new.subject) == (["new@example.org"], "赛马：开通您的账户")
    sign_up = SignUp.objects.get(email="new@example.org")
    code = selectors.code(sign_up)
    assert selectors.link(code) in new.body and code in new.body.splitlines()
    assert code.rpartition("-")[2] not in str(list(Job.objects.values())) + str(list(SignUp.objects.values()))


def test_a_letter_of_a_reset_for_nobody_is_drawn_to_nothing(client, run_jobs):
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    run_jobs()
    assert mail.outbox == [] and Job.objects.get(kind="mail.send").state == "done"


def test_the_link_opens_the_account_once(client, records):
    sign_up = services.ask_sign_up("new@example.org", language="en", at=timezone.now())
    assert follow(client, sign_up).status_code == 200
    assert client.post(OPEN, FORM).url == reverse("competition:registration_list")
    user = User.objects.get(email="new@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.name_zh, user.language, user.check_password(PASSWORD)) == ("王芳", "en", True)
    assert [record.subject for record in records("account.open")] == [f"user:{user.pk}"]
    assert follow(Client(), sign_up).status_code == 410
    with pytest.raises(Refused):
        services.open_account(sign_up, nonce=sign_up.nonce, at=timezone.now(), password=PASSWORD)


def test_a_weak_password_is_said_at_its_field(client):
    sign_up = services.ask_sign_up("new@example.org", language="en", at=timezone.now())
    follow(client, sign_up)
    response = client.post(OPEN, FORM | {"password": "short", "password_again": "short"})
    assert response.status_code == 422 and list(response.context["form"].errors) == ["password"]
    assert not User.objects.filter(email="new@example.org").exists()


def test_asking_again_keeps_the_link_and_a_late_one_gets_another():
    now = timezone.now()
    first = services.ask_sign_up("new@example.org", language="en", at=now)
    again = services.ask_sign_up("NEW@example.org ", language="zh-hans", at=now + timedelta(hours=1))
    assert (again.pk, again.nonce, again.expires_at) == (first.pk, first.nonce, now + timedelta(days=2, hours=1))
    late = services.ask_sign_up("new@example.org", language="en", at=again.expires_at)
    assert late.pk == first.pk and late.nonce != first.nonce


def test_addresses_of_people_who_never_came_are_forgotten():
    now = timezone.now()
    services.ask_sign_up("never@example.org", language="en", at=now - timedelta(days=9, minutes=1))
    services.ask_sign_up("lately@example.org", language="en", at=now - timedelta(days=8))
    services.ask_sign_up("new@example.org", language="en", at=now)
    assert sorted(SignUp.objects.values_list("email", flat=True)) == ["lately@example.org", "new@example.org"]


def test_letters_to_one_address_are_limited_whoever_it_is():
    make_user(email="known@example.org")
    for email in ("known@example.org", "unknown@example.org"):
        statuses = [Client().post(reverse("account_signup"), {"email": email}).status_code for _ in range(6)]
        assert statuses == [302, 302, 302, 302, 302, 429]
