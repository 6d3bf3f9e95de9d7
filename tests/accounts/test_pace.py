"""One person asks for so many pages and acts a minute, and loses nothing by it."""

from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from accounts.models import User
from config.cache import Cache, Counters
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch, settings):
    """13 seconds into a minute; two pages and one act are allowed."""
    settings.PAGES_PER_MINUTE, settings.ACTS_PER_MINUTE = 2, 1
    caches["pace"].clear()
    now = SimpleNamespace(at=1_799_999_953, time=lambda: now.at)
    monkeypatch.setattr("accounts.pace.time", now)
    return now


@pytest.fixture
def desk():
    client = Client()
    client.force_login(make_user(email="wang@example.org", language="en", name_en="Wang Fang"))
    return client


def test_the_third_page_of_a_minute_waits_and_the_next_minute_is_new(clock, desk):
    page = reverse("profile")
    answers = [desk.get(page) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "47"
    assert "in 47 seconds" in answers[2].content.decode() and f'href="{page}"' in answers[2].content.decode()
    other = Client()
    other.force_login(make_user())
    assert other.get(page).status_code == 200
    assert Client().get(reverse("account_login")).status_code == 200
    clock.at += 47
    assert desk.get(page).status_code == 200


def test_a_form_stays_in_the_page_and_is_sent_again(clock, desk):
    data = {"name_zh": "王芳", "name_en": "“Fang” <b>", "language": "en", "mail_rhythm": "at_once"}
    first = desk.post(reverse("profile"), data)
    held = desk.post(reverse("profile"), data | {"name_en": "Fang <Wang>"})
    assert (first.status_code, held.status_code) == (302, 429)
    assert '<input type="hidden" name="name_en" value="Fang &lt;Wang&gt;">' in held.content.decode()
    assert User.objects.get(email="wang@example.org").name_en == "“Fang” <b>"
    clock.at += 47
    assert desk.post(reverse("profile"), dict(held.context["kept"])).status_code == 302
    assert User.objects.get(email="wang@example.org").name_en == "Fang <Wang>"


def test_no_password_comes_back_in_the_page(clock, desk):
    secrets = {"oldpassword": "three bridges", "password1": "four bridges", "reason": "写下的"}
    held = [desk.post(reverse("profile"), secrets) for _ in range(2)][1]
    assert (held.status_code, held.context["kept"]) == (429, [("reason", "写下的")])


def test_scripts_are_told_when_and_whoever_leaves_may(clock, desk):
    told = [desk.post(reverse("notifications_read"), headers={"Accept": "application/json"}) for _ in range(2)][1]
    assert (told.status_code, told.headers["Retry-After"], told.json()["reasons"][0]["code"]) == (429, "47", "accounts.too_many_requests")
    assert desk.post(reverse("account_logout")).status_code == 302
    assert desk.get(reverse("profile")).status_code == 302


def test_while_redis_is_away_nobody_waits(clock, desk, monkeypatch):
    monkeypatch.setattr(Cache, "_silent_until", 0.0)
    monkeypatch.setattr("accounts.pace.caches", {"pace": Counters("redis://127.0.0.1:1/0", {})})
    assert [desk.get(reverse("profile")).status_code for _ in range(4)] == [200] * 4
    assert Cache._silent_until > 0
