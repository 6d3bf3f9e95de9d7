"""Where everybody needs two factors, a code by mail stands in for app and passkey."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts import selectors
from accounts.models import ApiToken, MailCode, TrustedBrowser
from accounts.services import mail_code as services
from accounts.services.sessions import end_sessions
from jobs.models import Job
from ledger.domain.reason import Refused
from tests.factories.accounts import PASSWORD, give, give_second_factor, make_invitation, make_user, totp_code

pytestmark = pytest.mark.django_db
CODE = reverse_lazy("mail_code")
IN = 200


@pytest.fixture(autouse=True)
def everybody(settings):
    settings.SECOND_FACTOR_OF_ALL = True
    cache.clear()


@pytest.fixture
def person():
    user = make_user(email="wang@example.org", language="en")
    give(user, "applicant", "organisation:1")
    return user


def sign_in(client, **more):
    return client.post(reverse("account_login"), {"login": "wang@example.org", "password": PASSWORD} | more)


def code_of_letter(run_jobs) -> str:
    run_jobs()
    return re.search(r"^(\d{4} \d{4})$", mail.outbox[-1].body, re.MULTILINE).group(1)


def inside(client) -> bool:
    return client.get(reverse("profile")).status_code == IN


def refusal(call) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.reason.code


@pytest.mark.parametrize(
    ("role", "scope"),
    [("applicant", "organisation:1"), ("evaluator", "competition:1"), ("recommender", "region:320000"), ("operator", "*")],
)
def test_who_has_neither_app_nor_passkey_comes_in_by_a_letter(client, run_jobs, records, role, scope):
    user = make_user(email="wang@example.org", language="en")
    give(user, role, scope)
    assert sign_in(client, next=reverse("notification_list")).url == CODE
    assert not inside(client)
    page = client.get(CODE)
    assert (page.context["address"], page.context["letter"]["state"]) == ("w***@example.org", "waits")
    assert "w***@example.org" in page.content.decode() and "wang@" not in page.content.decode()
    code = code_of_letter(run_jobs)
    assert (mail.outbox[0].to, code.replace(" ", "") in mail.outbox[0].subject) == (["wang@example.org"], False)
    assert client.get(CODE, headers={"HX-Request": "true"}).context["letter"]["state"] == "left"
    wrong = client.post(CODE, {"code": "0000 0000" if code != "0000 0000" else "1111 1111"})
    assert wrong.status_code == 422 and list(wrong.context["form"].errors) == ["code"]
    assert client.post(CODE, {"code": f" {code} "}).url == reverse("notification_list")
    assert inside(client)
    assert [record.after for record in records("login.succeed")] == [{"factor": "mail"}]


def test_an_organiser_without_an_app_comes_in_by_a_letter_and_sets_one_up_first(client, run_jobs):
    give(make_user(email="wang@example.org", language="en"), "organiser", second_factor=False)
    sign_in(client)
    client.post(CODE, {"code": code_of_letter(run_jobs)})
    assert client.get(reverse("people")).url == reverse("mfa_activate_totp")


def test_who_has_an_app_never_gets_a_letter(client, person, records):
    give_second_factor(person)
    assert sign_in(client).url == reverse("mfa_authenticate")
    client.post(reverse("mfa_authenticate"), {"code": totp_code()})
    assert inside(client) and not Job.objects.filter(kind="mail.code").exists()
    assert [record.after for record in records("login.succeed")] == [{"factor": "totp"}]


def test_where_only_roles_need_one_nobody_gets_a_letter(client, person, settings):
    settings.SECOND_FACTOR_OF_ALL = False
    sign_in(client)
    assert inside(client) and not MailCode.objects.exists()


def test_a_code_is_worth_nothing_in_another_browser_and_twice(client, person, run_jobs):
    other = Client()
    sign_in(client)
    code = code_of_letter(run_jobs)
    sign_in(other)
    assert other.post(CODE, {"code": code}).status_code == 422 and not inside(other)
    client.post(CODE, {"code": code})
    row = MailCode.objects.earliest("pk")
    assert refusal(lambda: services.use_code(row.pk, user=person, given=code, at=timezone.now())) == "accounts.mail_code_over"


def test_a_code_ends_after_ten_minutes_and_after_five_tries(person):
    at = timezone.now()
    late, guessed = (services.send_code(person, at=at) for _ in range(2))
    given = {"user": person, "given": services.code_of(late)}
    assert refusal(lambda: services.use_code(late.pk, **given, at=at + timedelta(minutes=10))) == "accounts.mail_code_over"
    services.use_code(late.pk, **given, at=at + timedelta(minutes=10, seconds=-1))
    wrong = {"user": person, "given": "no digits", "at": at}
    heard = [refusal(lambda: services.use_code(guessed.pk, **wrong)) for _ in range(6)]
    assert heard == ["accounts.mail_code_wrong"] * 4 + ["accounts.mail_code_over"] * 2
    assert refusal(lambda: services.use_code(guessed.pk, user=person, given=services.code_of(guessed), at=at)) == "accounts.mail_code_over"
    assert refusal(lambda: services.use_code(None, **wrong)) == "accounts.mail_code_over"


def test_another_letter_voids_the_last_and_there_are_not_many(client, person, run_jobs):
    sign_in(client)
    first = code_of_letter(run_jobs)
    assert client.post(CODE, {"again": "1"}).url == CODE
    assert client.post(CODE, {"code": first}).status_code == 422
    second = code_of_letter(run_jobs)
    for _ in range(5):
        client.post(CODE, {"again": "1"})
    assert MailCode.objects.count() == 5 and len(mail.outbox) == 2
    assert client.get(reverse("account_login")).status_code == 200  # back to the start, which is no way around it
    sign_in(client)
    assert MailCode.objects.count() == 5
    assert client.get(CODE).context["letter"]["state"] == "none"
    assert client.post(CODE, {"code": second}).status_code == 422


def test_codes_cannot_be_guessed_for_long_by_asking_for_more(client, person, run_jobs):
    sign_in(client)
    for _ in range(2):
        for _try in range(5):
            client.post(CODE, {"code": "no digits"})
        client.post(CODE, {"again": "1"})
    assert client.post(CODE, {"code": code_of_letter(run_jobs)}).status_code == 422
    assert not inside(client)


def test_no_row_and_no_job_has_the_code(client, person, run_jobs):
    sign_in(client)
    code = code_of_letter(run_jobs).replace(" ", "")
    assert code not in str(list(Job.objects.values())) + str(list(MailCode.objects.values())) + str(dict(client.session))


def test_the_page_says_that_the_letter_has_not_left(client, person):
    sign_in(client)
    Job.objects.filter(kind="mail.code").update(error_code="job.expected_fault", attempts=1)
    page = client.get(CODE)
    assert page.context["letter"]["state"] == "late" and 'hx-trigger="every 3s"' in page.content.decode()


def test_the_part_that_asks_for_itself_leads_to_sign_in_when_the_sign_in_is_over(client):
    answer = client.get(CODE, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, reverse("account_login"))


def test_a_letter_that_comes_too_late_is_not_sent(client, person, run_jobs):
    sign_in(client)
    MailCode.objects.update(expires_at=timezone.now())
    run_jobs()
    assert mail.outbox == [] and client.get(CODE).context["letter"]["state"] == "over"


def test_the_link_of_an_invitation_is_the_second_factor_of_the_first_session(client, records):
    invitation = make_invitation("guest@example.org", role="operator", scope="*")
    client.post(reverse("link_open"), {"code": selectors.code(invitation)})
    form = {"name_zh": "王芳", "language": "en", "password": PASSWORD, "password_again": PASSWORD}
    client.post(reverse("invitation_accept"), form)
    assert inside(client) and not MailCode.objects.exists()
    assert [record.after for record in records("login.succeed")] == [{"factor": "letter"}]


def trusting(client, run_jobs, **more):
    sign_in(client)
    return client.post(CODE, {"code": code_of_letter(run_jobs)} | more)


def again(client) -> bool:
    """Signed out and in again in the same browser: is the password enough?"""
    client.post(reverse("account_logout"))
    sign_in(client)
    return inside(client)


def test_a_browser_is_trusted_only_where_the_box_was_ticked(client, person, run_jobs, records):
    trusting(client, run_jobs)
    assert not again(client)
    trusting(client, run_jobs, trust="1")
    cookie = client.cookies["trusted"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 14 * 86400)
    assert cookie.value not in str(list(TrustedBrowser.objects.values()))
    assert again(client)
    assert [record.after for record in records("login.succeed")] == [{"factor": "mail"}, {"factor": "mail"}, {"factor": "trusted"}]
    stranger = Client()
    sign_in(stranger)
    assert not inside(stranger)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["time", "password", "everywhere", "by hand"])
def test_trust_ends(client, person, run_jobs, end):
    trusting(client, run_jobs, trust="1")
    if end == "time":
        TrustedBrowser.objects.update(expires_at=timezone.now())
    elif end == "password":
        person.set_password(PASSWORD)
        person.save()
    elif end == "everywhere":
        end_sessions(person, actor="system", at=timezone.now())
    else:
        row = TrustedBrowser.objects.get()
        assert reverse("trust_end", args=[row.pk]) in client.get(reverse("profile")).content.decode()
        assert client.post(reverse("trust_end", args=[row.pk])).url == reverse("profile")
    assert not again(client)


def test_trust_serves_the_code_of_the_app_too(client, person):
    give_second_factor(person)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": totp_code(), "trust": "1"})
    assert again(client)


def test_who_came_in_by_a_letter_confirms_by_the_password(client, person, run_jobs):
    """Making a key for a program asks for a fresh confirmation; nobody is locked out of it."""
    trusting(client, run_jobs)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    page = client.post(reverse("token_list"), {"name": "office"}).content.decode()
    assert 'type="password"' in page
    kept = {"name": "office", "scopes": ["read"], "days": "9", "second_factor_code": PASSWORD}
    assert client.post(reverse("token_list"), kept).status_code == 200
    assert ApiToken.objects.get().user == person
