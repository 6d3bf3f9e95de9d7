"""The test bed itself: an own server, an own browser, the language of the run."""

import environ
import psycopg
import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import get_language
from redis import Redis as Client

from tests.conftest import on_postgresql


def test_the_run_is_in_the_language_it_was_asked_for(language):
    assert get_language() == language


@pytest.mark.django_db
def test_the_run_is_on_the_database_it_was_asked_for(postgresql_url):
    assert connection.vendor == ("postgresql" if on_postgresql() else "sqlite")
    parts = environ.Env.db_url_config(postgresql_url)
    with psycopg.connect(host=parts["HOST"], user=parts["USER"], dbname=parts["NAME"]) as other:
        assert other.execute("SHOW fsync").fetchone() == ("off",)


def test_redis_is_private(redis):
    server = Client.from_url(redis.cache_url)
    assert server.ping()
    assert server.config_get("port") == {"port": "0"}
    assert redis.socket.parent.stat().st_mode & 0o077 == 0
    server.close()


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_the_login_page_opens_in_the_language_of_the_run_and_for_everyone(open_page, axe, screen, language):
    page = open_page(screen)
    answer = page.goto(reverse("account_login"))
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang").lower() == language
    axe(page)
