"""The door: who comes in, and what is said to whom."""

import json

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import homes, menu
from accounts.access import public
from accounts.permissions import NotAllowed
from accounts.second_factor import FRESH_SECONDS, confirmed, fresh_second_factor
from accounts.templatetags import saima
from ledger.domain.reason import Reason, Refused
from tests.cast import sign_in
from tests.factories.accounts import PASSWORD, give, make_user, totp_code

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def plain(request):
    return HttpResponse("inside")


def not_allowed(request):
    raise NotAllowed(Reason("accounts.not_organiser"))


def refused(request):
    raise Refused(Reason("accounts.last_organiser"))


def numbered(request, number):
    return HttpResponse(str(number))


@fresh_second_factor
def release(request):
    return HttpResponse(f"{request.method} {request.POST.get('reason', '')} {confirmed(request)}")


class Endpoint(APIView):
    def get(self, request):
        return Response({"inside": True})


class RefusingEndpoint(APIView):
    def get(self, request):
        raise NotAllowed(Reason("accounts.not_organiser"))


urlpatterns = [
    path("", include("config.urls")),
    path("plain/", plain),
    path("open/", public(lambda request: HttpResponse("open"))),
    path("not-allowed/", not_allowed),
    path("refused/", refused),
    path("release/", release),
    path("numbered/<int:number>/", numbered),
    path("api/", Endpoint.as_view()),
    path("api/refusing/", RefusingEndpoint.as_view()),
]


def test_a_view_without_a_mark_needs_a_person(client):
    response = client.get("/plain/?page=2")
    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next=/plain/%3Fpage%3D2")
    assert client.get("/open/").content == b"open"
    assert sign_in(make_user()).get("/plain/").content == b"inside"


def test_a_number_that_no_row_can_have_is_not_found():
    person = sign_in(make_user())
    assert person.get(f"/numbered/{2**63 - 1}/").content == b"9223372036854775807"
    assert person.get(f"/numbered/{2**63}/").status_code == 404


@pytest.mark.parametrize("address", ["/plain/?q=a%00b", "/open/?%61=%00", "/account/invitation/1/a%00b/"])
def test_an_address_with_nul_is_a_bad_request_and_a_page(client, address):
    response = client.get(address)
    assert response.status_code == 400 and '<span class="fault-code">400</span>' in response.content.decode()


def test_a_form_without_its_token_is_told_so_in_words(language):
    visitor = Client(enforce_csrf_checks=True)
    response = visitor.post(reverse("account_login"), {"login": "a@example.org"})
    words = {"en": "This page was open too long", "zh-hans": "页面打开时间过长"}[language]
    assert response.status_code == 403 and words in response.content.decode()
    answer = visitor.post(reverse("account_login"), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (403, "accounts.page_stale")


def test_scripts_and_the_api_get_data(client):
    for headers in ({"Accept": "application/json"}, {"HX-Request": "true"}):
        response = client.get("/plain/", headers=headers)
        assert response.status_code == 401
        assert [reason["code"] for reason in response.json()["reasons"]] == ["accounts.login_needed"]
    assert client.get("/api/").status_code == 401
    person = sign_in(make_user())
    assert person.get("/api/").json() == {"inside": True}
    response = person.get("/api/refusing/")
    assert (response.status_code, response.json()["reasons"][0]["code"]) == (403, "accounts.not_organiser")


@pytest.mark.parametrize(("url", "status", "words"), [("/not-allowed/", 403, "组织单位"), ("/refused/", 409, "最后一位组织单位人员")])
def test_a_refusal_is_a_page_that_says_why(url, status, words, language):
    response = sign_in(make_user(language="zh-hans")).get(url)
    assert response.status_code == status
    assert words in response.content.decode()


@pytest.mark.parametrize("role", ["organiser", "decider", "supervisor"])
def test_who_decides_sets_up_a_second_factor_first(role):
    user = make_user()
    give(user, role, "competition:1", second_factor=False)
    client = sign_in(user)
    assert client.get("/plain/").url == reverse("mfa_activate_totp")
    assert client.get("/api/").json()["reasons"][0]["code"] == "accounts.second_factor_needed"
    assert client.get(reverse("profile")).status_code == 200
    with override_settings(SECOND_FACTOR_REQUIRED=False):
        assert client.get("/plain/").status_code == 200


@pytest.mark.parametrize("role", ["evaluator", "applicant", "recommender", "operator"])
def test_others_need_none(role):
    user = make_user()
    give(user, role, "competition:1")
    assert sign_in(user).get("/plain/").status_code == 200


@override_settings(SECOND_FACTOR_OF_ALL=True)
def test_where_everybody_needs_one_nobody_but_who_decides_has_to_set_one_up(language):
    user = make_user(language="zh-hans")
    give(user, "applicant", "organisation:1")
    client = sign_in(user)
    assert client.get("/plain/").status_code == 200
    assert "每次登录由邮件发送验证码" in client.get(reverse("profile")).content.decode()
    give(user, "decider", "competition:1", second_factor=False)
    assert client.get("/plain/").url == reverse("mfa_activate_totp")


def decider():
    user = make_user()
    give(user, "decider", "competition:1")
    return user


def test_a_grave_act_asks_for_a_fresh_code_and_keeps_what_was_posted():
    client = sign_in(decider())
    assert client.get("/release/").content == b"GET  False"
    page = client.post("/release/", {"reason": "会议决定"})
    assert 'name="second_factor_code"' in page.content.decode() and "会议决定" in page.content.decode()
    wrong = client.post("/release/", {"reason": "会议决定", "second_factor_code": "000000"})
    assert wrong.status_code == 422 and "会议决定" in wrong.content.decode()
    done = client.post("/release/", {"reason": "会议决定", "second_factor_code": totp_code()})
    assert done.content.decode() == "POST 会议决定 True"
    assert client.post("/release/").content == b"POST  True"


def test_a_code_goes_stale():
    client = sign_in(decider(), fresh=True)
    assert client.post("/release/").content == b"POST  True"
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= FRESH_SECONDS
    session.save()
    assert "second_factor_code" in client.post("/release/").content.decode()


def test_where_the_second_factor_is_off_the_password_stands_in(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    user = make_user()
    give(user, "decider", "competition:1", second_factor=False)
    client = sign_in(user)
    page = client.post("/release/").content.decode()
    assert 'type="password"' in page
    assert client.post("/release/", {"second_factor_code": "wrong"}).status_code == 422
    assert client.post("/release/", {"second_factor_code": PASSWORD}).content == b"POST  True"


def test_where_it_is_off_who_has_one_still_uses_it(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client = sign_in(decider())
    assert client.post("/release/", {"second_factor_code": PASSWORD}).status_code == 422


def test_home_follows_the_first_role_that_has_one(monkeypatch):
    monkeypatch.setattr(homes, "_homes", {"evaluator": "profile", "organiser": "people"})
    user = make_user()
    assert sign_in(user).get(reverse("home")).status_code == 200
    give(user, "evaluator", "competition:1")
    assert sign_in(user).get(reverse("home")).url == reverse("profile")
    give(user, "organiser", "*")
    assert sign_in(user).get(reverse("home")).url == reverse("people")


def test_the_menu_shows_what_roles_open():
    entries = {entry.key for entry in menu.entries({"evaluator"})}
    assert "profile" in entries and "people" not in entries
    assert "people" in {entry.key for entry in menu.entries({"organiser"}, competition=False)}


def test_the_answer_names_the_reason_in_words(language):
    response = sign_in(make_user(language="en")).get("/refused/", headers={"Accept": "application/json"})
    assert json.loads(response.content)["reasons"] == [
        {
            "code": "accounts.last_organiser",
            "params": {},
            "text": "This is the last organiser of the installation. Give the role to somebody else first.",
        }
    ]


@pytest.mark.parametrize(("scope", "there"), [("competition:1", False), ("*", True)])
def test_people_of_the_installation_stand_in_the_menu_of_its_organisers_only(scope, there):
    user = make_user()
    give(user, "organiser", scope)
    assert ("people" in {item["entry"].key for item in saima.build_nav(user, None, "/")["items"]}) is there
