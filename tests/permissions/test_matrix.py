"""Every route of the project, seen by everybody. A route without a row is refused."""

from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.cast import sign_in
from tests.permissions.matrix import PEOPLE
from tests.permissions.world import TABLES, make_world

ROWS = [row for table in TABLES for row in table.ROWS]
# Open to people who are not signed in; a new one is added here deliberately.
PUBLIC = {
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "invitation_accept",
    "link_open",
    "old_invitation_link",
    "old_sign_up_link",
    "mail_code",
    "mfa_authenticate",
    "sign_up_open",
    "sign_up_sent",
    "set_language",
    "start",
}.union(*(table.PUBLIC for table in TABLES if hasattr(table, "PUBLIC")))


def routes(patterns=None, namespace=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else str(pattern.pattern), pattern.callback
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)


def test_every_route_has_a_row():
    assert sorted({name for name, _ in routes()} - {row.route for row in ROWS}) == []


def test_no_row_is_left_over():
    assert sorted({row.route for row in ROWS} - {name for name, _ in routes()}) == []


def test_what_is_public_is_meant_to_be():
    assert {name for name, view in routes() if getattr(view, "public", False)} == PUBLIC


def test_every_row_names_everybody():
    assert [row.id for row in ROWS if tuple(sorted(row.expected)) != tuple(sorted(PEOPLE))] == []


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once, rolled back at the end; each request is rolled back by itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def cookies(world, django_db_blocker):
    """Of everybody, signed in once: what a request does to the session is rolled back with it."""
    with django_db_blocker.unblock():
        return {person: sign_in(None if person == "anonymous" else getattr(world.cast, person)).cookies for person in PEOPLE}


def browser_of(world, cookies, person: str, *, fresh: bool) -> Client:
    if fresh and person != "anonymous":
        return sign_in(getattr(world.cast, person), fresh=True)
    client = Client()
    client.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies[person].items()})
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_row(world, cookies, row):
    url = reverse(row.route, kwargs=dict(row.kwargs(world)))
    got = {}
    for person in PEOPLE:
        with transaction.atomic():
            client = browser_of(world, cookies, person, fresh=row.fresh)
            data = row.data(world) if callable(row.data) else row.data
            response = client.get(url) if data is None else client.post(url, data)
            got[person] = response.status_code
            transaction.set_rollback(True)
    assert got == dict(row.expected)
