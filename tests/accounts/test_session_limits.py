"""When a session ends: unused, old, or ended from elsewhere; and what is written down about it."""

from datetime import timedelta
from io import StringIO

import pytest
from celery import current_app
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import session_limits
from accounts.models import SignedIn
from config.schedule import BEAT_SCHEDULE
from tests.cast import sign_in
from tests.factories.accounts import PASSWORD, give, make_user, totp_code
from tests.log_lines import of

pytestmark = pytest.mark.django_db
NEW = "three unrelated words 7"


def signed_in(client):
    return client.get(reverse("profile")).status_code == 200


def shift(client, **seconds):
    session = client.session
    for key, by in seconds.items():
        session[getattr(session_limits, key)] -= by
    session.save()


@pytest.mark.parametrize(
    ("seconds", "why"),
    [
        ({"SEEN": 2 * 3600 - 60}, None),
        ({"SEEN": 2 * 3600}, "idle"),
        ({"STARTED": 12 * 3600 - 60}, None),
        ({"STARTED": 12 * 3600}, "age"),
    ],
)
def test_a_session_ends_two_hours_after_its_last_use_and_twelve_after_its_first(seconds, why, records):
    user = make_user()
    client = sign_in(user)
    shift(client, **seconds)
    assert signed_in(client) is (why is None)
    assert [(record.actor, record.after) for record in records("login.end")] == ([(f"user:{user.pk}", {"by": why})] if why else [])


def test_the_login_page_says_why_one_is_signed_out(language):
    client = sign_in(make_user(language=language))
    shift(client, SEEN=2 * 3600)
    page = client.get(reverse("profile"), follow=True).content.decode()
    assert {"en": "You are signed out: the page was not used for two hours.", "zh-hans": "您已退出登录：页面两小时未使用。"}[
        language
    ] in page


def test_what_is_told_stands_in_no_cookie():
    client = sign_in(make_user())
    answer = client.post(reverse("sessions_end"))
    assert set(answer.cookies) <= {"sessionid", "csrftoken"}
    assert "退出登录" in client.get(answer.url).content.decode()


def test_a_page_that_asks_by_itself_is_no_use():
    client = sign_in(make_user())
    shift(client, SEEN=3600)
    before = client.session[session_limits.SEEN]
    client.get(reverse("profile"), headers={"HX-Request": "true"})
    assert client.session[session_limits.SEEN] == before
    client.get(reverse("profile"))
    assert client.session[session_limits.SEEN] > before + 3000


def test_a_session_from_before_there_were_limits_goes_on_within_them():
    client = sign_in(make_user())
    session = client.session
    del session[session_limits.STARTED], session[session_limits.SEEN]
    session.save()
    assert signed_in(client) and session_limits.STARTED in client.session


def test_a_person_ends_all_sessions_but_this_one(records):
    user = make_user()
    here, elsewhere, stranger = sign_in(user), sign_in(user), sign_in(make_user())
    assert here.post(reverse("sessions_end")).url == reverse("profile")
    assert (signed_in(here), signed_in(elsewhere), signed_in(stranger)) == (True, False, True)
    assert [record.subject for record in records("login.end_all")] == [f"user:{user.pk}"]
    assert [record.after for record in records("login.end")] == [{"by": "elsewhere"}]
    assert signed_in(sign_in(user))


def test_a_new_password_ends_the_other_sessions():
    user = make_user()
    here, elsewhere = sign_in(user, fresh=True), sign_in(user)
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert (signed_in(here), signed_in(elsewhere)) == (True, False)


def test_a_password_shown_again_renews_the_key():
    client = sign_in(make_user())
    before = client.session.session_key
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.session.session_key != before and signed_in(client)
    client.cookies["sessionid"] = before
    assert not signed_in(client)


def test_a_removed_second_factor_ends_the_other_sessions():
    user = make_user()
    give(user, "decider", "competition:1")
    here, elsewhere = sign_in(user, fresh=True), sign_in(user)
    here.post(reverse("mfa_deactivate_totp"))
    assert (signed_in(here), signed_in(elsewhere)) == (True, False)


def test_an_operator_ends_the_sessions_of_one_person_or_of_all():
    one, other = make_user(email="wang@example.org"), make_user()
    clients = [sign_in(one), sign_in(other)]
    call_command("end_sessions", "WANG@example.org", stdout=StringIO())
    assert [signed_in(client) for client in clients] == [False, True]
    call_command("end_sessions", "--all", stdout=StringIO())
    assert not signed_in(clients[1])
    with pytest.raises(CommandError, match="no account"):
        call_command("end_sessions", "nobody@example.org")
    with pytest.raises(CommandError, match="Name one"):
        call_command("end_sessions")


def test_signing_out_is_recorded(client, records):
    user = make_user(email="wang@example.org")
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_logout"))
    assert not signed_in(client)
    assert [(record.subject, record.after) for record in records("login.end")] == [(f"user:{user.pk}", {"by": "self"})]


def test_failed_attempts_are_in_the_log_by_number(lines):
    user = make_user(email="lin@example.org")
    give(user, "decider", "competition:1")
    client = Client()
    client.post(reverse("account_login"), {"login": "Lin@example.org", "password": "guess no. 41"})
    client.post(reverse("account_login"), {"login": "nobody@example.org", "password": "guess no. 41"})
    client.post(reverse("account_login"), {"login": "lin@example.org", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": "000000" if totp_code() != "000000" else "000001"})
    assert [(line["message"], line["user"]) for line in of(lines, "saima.login")] == [
        ("A password was wrong.", user.pk),
        ("A password was wrong.", None),
        ("A code of the second factor was wrong.", user.pk),
    ]
    assert not any(word in str(lines) for word in ("lin@", "nobody@", "guess"))


def test_who_was_refused_stands_in_the_log(lines):
    user = make_user()
    sign_in(user).get(reverse("people"))
    (line,) = of(lines, "saima.request")
    assert (line["route"], line["status"], line["user"]) == ("people", 404, user.pk)


def test_what_a_person_sees_stays_in_no_cache(client):
    assert sign_in(make_user()).get(reverse("profile")).headers["Cache-Control"] == "private, no-store"
    assert "no-store" not in client.get("/public/").headers.get("Cache-Control", "")


def test_methods_that_nothing_takes_are_refused(client):
    assert client.trace("/public/").status_code == 405


def test_static_files_carry_the_policy_too(client):
    assert "frame-ancestors 'none'" in client.get("/static/css/tokens.css").headers["Content-Security-Policy"]


def test_the_moment_of_ending_is_exact():
    user = make_user()
    client = sign_in(user)
    user.sessions_ended_at = user.date_joined - timedelta(days=1)
    user.save()
    assert signed_in(client)


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0"


def sign_in_from(user, agent, address):
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def rows(client):
    return [(row.words, row.address, row.own) for row in client.get(reverse("profile")).context["sessions"]]


def test_a_person_sees_where_they_are_signed_in_and_ends_one_of_them(records):
    user, other = make_user(language="en"), make_user()
    desk, phone = sign_in_from(user, FIREFOX, "192.0.2.77"), sign_in_from(user, WECHAT, "2001:db8:0:7::1")
    stranger = sign_in_from(other, FIREFOX, "192.0.2.78")
    assert sorted(rows(desk)) == [("Firefox on Linux", "192.0.2.…", True), ("WeChat on Android", "2001:db8:0:…", False)]
    there = next(row for row in desk.get(reverse("profile")).context["sessions"] if not row.own)
    assert stranger.post(reverse("session_end", args=[there.pk])).status_code == 404
    assert phone.post(reverse("session_end", args=[there.pk])).status_code == 404  # one's own ends by signing out
    assert desk.post(reverse("session_end", args=[there.pk])).status_code == 302
    assert (signed_in(desk), signed_in(phone), signed_in(stranger)) == (True, False, True)
    assert len(rows(desk)) == 1 and [record.actor for record in records("login.end_one")] == [f"user:{user.pk}"]


def test_the_list_follows_what_becomes_of_a_session():
    user = make_user()
    desk, phone = (sign_in_from(user, FIREFOX, "192.0.2.77") for _ in range(2))
    desk.post(reverse("account_reauthenticate"), {"password": PASSWORD})  # goes on under another key
    assert sorted(row[2] for row in rows(desk)) == [False, True]
    phone.post(reverse("account_logout"))
    assert [row[2] for row in rows(desk)] == [True]
    third = sign_in_from(user, FIREFOX, "192.0.2.77")
    desk.post(reverse("sessions_end"))
    assert [row[2] for row in rows(desk)] == [True] and not signed_in(third)


def test_what_is_over_leaves_the_tables_every_day():
    user = make_user()
    old, live = sign_in_from(user, FIREFOX, "192.0.2.77"), sign_in_from(user, FIREFOX, "192.0.2.77")
    past = timezone.now() - timedelta(hours=13)
    Session.objects.filter(session_key=old.session.session_key).update(expire_date=past)
    SignedIn.objects.filter(session_key=old.cookies["sessionid"].value).update(started_at=past)
    current_app.tasks[BEAT_SCHEDULE["accounts.clear_sessions"]["task"]]()
    assert list(Session.objects.values_list("session_key", flat=True)) == [live.cookies["sessionid"].value]
    assert list(SignedIn.objects.values_list("session_key", flat=True)) == [live.cookies["sessionid"].value]
