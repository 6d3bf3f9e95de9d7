"""Keys for programs: within the rights of their owner, narrowed by their scopes, over with the roles."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts.domain.tokens import SCOPES
from accounts.models import ApiToken, Membership
from accounts.services.membership import end_role
from accounts.services.tokens import end_token, make_token
from config.api import schema
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.cast import sign_in
from tests.factories.accounts import give, make_user

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


def ask(text, address=ME, method="get", **more):
    headers = {"Authorization": f"Bearer {text}", **more.pop("headers", {})}
    return getattr(Client(), method)(address, headers=headers, content_type="application/json", **more)


def codes(response):
    return [reason["code"] for reason in response.json()["reasons"]]


@pytest.fixture
def owner():
    person = make_user("Owner", name_zh="钥主")
    give(person, "evaluator", "competition:1")
    return person


def key(owner, *scopes, days=30, at=None):
    return make_token(name="office", scopes=scopes or ("read",), days=days, actor=owner, at=at or timezone.now())


def test_a_key_acts_as_its_owner_within_its_scopes(owner):
    token, text = key(owner, "judge", "read")
    answer = ask(text)
    assert (answer.status_code, answer.json()["scopes"], answer.json()["id"]) == (200, ["read", "judge"], owner.pk)
    assert answer.json()["roles"] == [{"role": "evaluator", "scope": "competition:1"}]
    assert text not in str(ApiToken.objects.values()) + str(Record.objects.values())
    token.refresh_from_db()
    assert token.used_at is not None


@pytest.mark.parametrize("text", ["", "saima_unknown", "口令", "x" * 5000])
def test_an_unknown_key_opens_nothing(text):
    answer = ask(text)
    assert (answer.status_code, codes(answer), answer.headers["WWW-Authenticate"]) == (401, ["accounts.token_unknown"], "Bearer")
    assert Client().get(ME).status_code == 401


def test_a_key_is_over_with_its_time_its_end_and_its_owners_roles(owner):
    organiser = make_user("Organiser")
    give(organiser, "organiser", "*")
    _, old = key(owner, days=1, at=timezone.now() - timedelta(days=1, seconds=1))
    ended, gone = key(owner)
    end_token(ended, actor=owner, at=timezone.now())
    _, live = key(owner)
    assert [ask(text).status_code for text in (old, gone, live)] == [401, 401, 200]
    end_role(Membership.objects.get(user=owner), actor=organiser, at=timezone.now())
    assert ask(live).status_code == 401
    give(owner, "evaluator", "competition:1")
    owner.is_active = False
    owner.save()
    assert ask(live).status_code == 401


def test_a_key_of_a_role_that_needs_a_second_factor_waits_for_it(owner):
    give(owner, "supervisor", "competition:2")
    Authenticator.objects.filter(user=owner).delete()
    answer = ask(key(owner)[1])
    assert (answer.status_code, codes(answer)) == (403, ["accounts.second_factor_needed"])


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"scopes": ()}, "scopes", "accounts.token_scope_missing"),
        ({"scopes": ("read", "release")}, "scopes", "accounts.token_scope_missing"),
        ({"days": 0}, "days", "accounts.token_days"),
        ({"days": 367}, "days", "accounts.token_days"),
    ],
)
def test_a_key_that_cannot_be_is_refused_at_its_field(owner, fields, field, code):
    with pytest.raises(Refused) as refused:
        make_token(**{"name": "x", "scopes": ("read",), "days": 9} | fields, actor=owner, at=timezone.now())
    assert (refused.value.field, refused.value.reason.code) == (field, code)


def test_whoever_holds_no_role_makes_none():
    with pytest.raises(Refused) as refused:
        key(make_user("Nobody"))
    assert refused.value.reason.code == "accounts.token_without_role"


def test_the_page_shows_the_text_once_and_ends_it(owner, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    page = sign_in(owner, fresh=True)
    made = page.post("/account/keys/", {"name": "夜间传输", "scopes": ["read", "judge"], "days": "30"})
    text = made.context["text"]
    assert ask(text).status_code == 200
    assert text in made.content.decode() and text not in page.get("/account/keys/").content.decode()
    token = ApiToken.objects.get()
    assert page.post(f"/account/keys/{token.pk}/end/").status_code == 302
    assert ask(text).status_code == 401
    assert list(Record.objects.filter(subject=f"token:{token.pk}").order_by("pk").values_list("action", flat=True)) == [
        "token.make",
        "token.end",
    ]


def test_faults_have_one_shape_and_the_readers_language(owner):
    _, text = key(owner)
    missing = ask(text, "/api/v1/jobs/9999/", headers={"Accept-Language": "en"})
    assert (missing.status_code, codes(missing)) == (404, ["accounts.not_found"])
    assert missing.json()["reasons"][0]["text"].startswith("There is nothing here")
    wrong = ask(text, "/api/v1/jobs/?state=asleep")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["state"])
    assert codes(ask(text, ME, "delete")) == ["accounts.token_scope_needed"]
    assert codes(sign_in(owner).delete(ME)) == ["accounts.method_wrong"]


def test_the_schema_names_the_scope_of_each_operation():
    paths = schema()["paths"]
    said = {
        (method, path): operation["description"].rpartition("Scope: ")[2].rstrip(".").split(" or ")
        for path, methods in paths.items()
        for method, operation in methods.items()
    }
    assert {scope for scopes in said.values() for scope in scopes} == set(SCOPES)
    assert [key for key, scopes in said.items() if (key[0] == "get") != (scopes == ["read"])] == []
    assert said["post", "/api/v1/proposals/{proposal_pk}/tabling/"] == ["organise", "decide"]
