"""What a page says when the database, the disk or Redis is away. The real outages are in tests/faults."""

import errno
import re
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from accounts.access import public
from config import uploads
from config.cache import TABLE, Cache
from config.faults import answer

FAULTS = {
    "away": (OperationalError("connection refused"), "database_away"),
    "cut": (InterfaceError("connection already closed"), "database_away"),
    "full": (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
    "full-database": (OperationalError("database or disk is full"), "disk_full"),
}
WORDS = {
    ("zh-hans", "database_away"): "系统暂时无法读取数据。已保存的内容不会丢失，请一分钟后重试。",
    ("zh-hans", "disk_full"): "服务器存储空间已满。已保存的内容不会丢失，请联系运维人员清理空间。",
    ("en", "database_away"): "Saima cannot reach its data at the moment. What was saved is safe; try again in a minute.",
    ("en", "disk_full"): "The server has no room left to store anything. What was saved is safe; the operator has to make room.",
}


@public
def failing(request, name):
    raise FAULTS[name][0] if name in FAULTS else ZeroDivisionError("ours")


@public
def files_of(request):
    return HttpResponse(" ".join(f"{file.name}:{file.size}:{len(file.read())}" for file in request.FILES.values()))


urlpatterns = [
    path("faults/<str:name>/", failing),
    path("files/", files_of),
    path("", include("config.urls")),
]
handler500 = answer


@pytest.fixture
def visitor(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_page_says_what_is_away_and_when_to_come_back(visitor, name, language):
    """Without a single query: pytest-django forbids them here."""
    response = visitor.get(f"/faults/{name}/", headers={"Accept-Language": language})
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "15", "no-store")
    page = response.content.decode()
    assert WORDS[language, FAULTS[name][1]] in page
    assert re.search(r'<html lang="([^"]+)"', page)[1] == {"zh-hans": "zh-Hans", "en": "en"}[language]
    assert response["X-Request-Id"] and "Content-Security-Policy" in response


def test_a_script_gets_it_as_data(visitor):
    for headers in ({"Accept": "application/json"}, {"HX-Request": "true"}):
        response = visitor.post("/faults/away/", headers=headers | {"Accept-Language": "en"})
        assert (response.status_code, response["Retry-After"]) == (503, "15")
        assert response.json()["reasons"] == [
            {"code": "accounts.database_away", "params": {}, "text": WORDS["en", "database_away"]},
        ]


def test_a_fault_of_ours_stays_one(visitor):
    response = visitor.get("/faults/ours/")
    assert (response.status_code, "Retry-After" in response) == (500, False)


def test_an_endpoint_whose_database_is_away_answers_as_data(visitor, db):
    def away(execute, sql, params, many, context):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(away):
        response = visitor.get("/api/v1/competitions/", headers={"Authorization": "Bearer x"})
        assert (response.status_code, response.json()["reasons"][0]["code"]) == (503, "accounts.database_away")
        visitor.cookies["sessionid"] = "a" * 32  # read before any page of ours is reached
        for address in ("/", "/public/", "/account/login/"):
            page = visitor.get(address)
            assert (page.status_code, page.headers.get("Retry-After")) == (503, "15"), address


# ---------------------------------------------------------------- how much comes along
def test_a_request_brings_so_much_and_no_more(visitor, monkeypatch, settings):
    monkeypatch.setattr(uploads.Bounded, "room", 300_000)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    sent = {name: SimpleUploadedFile(f"{name}.pdf", b"%PDF" * quarter) for name, quarter in (("a", 50_000), ("b", 40_000), ("c", 8_000))}
    said = dict(item.split(":", 1) for item in visitor.post("/files/", sent).content.decode().split())
    assert (said["a.pdf"], said["c.pdf"]) == ("200000:200000", "32000:32000")
    size, held = map(int, said["b.pdf"].split(":"))
    assert size > uploads.MOST_BYTES and held < 160_000  # too large for every form, and little of it on the disk


def test_settings_take_files_in_so(settings):
    request = RequestFactory().post("/")
    assert [type(handler) for handler in request.upload_handlers] == [MemoryFileUploadHandler, uploads.Bounded]


# ---------------------------------------------------------------- Redis away
def test_the_cache_goes_on_without_redis(db, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(Cache, "_silent_until", 0.0)
    away = Cache(f"unix://{tmp_path}/nobody.sock?db=1", {})
    with connection.cursor() as cursor:
        for statement in caches_table():
            cursor.execute(statement)
    assert (away.add("n", 7), away.add("n", 8), away.get("n"), away.incr("n", 3)) == (True, False, 7, 10)
    away.set_many({"a": 1, "b": [2]})
    assert away.get_many(["a", "b", "c"]) == {"a": 1, "b": [2]}
    assert (away.delete("a"), away.has_key("a"), away.get("a", "gone"), away.touch("b")) == (True, False, "gone", True)
    assert [line.getMessage() for line in caplog.records] == [
        "Redis cannot be reached (ConnectionError); the cache is in the database meanwhile."
    ]


def caches_table():
    """The statements of `createcachetable`, inside this test's transaction."""
    said = StringIO()
    call_command("createcachetable", TABLE, "--dry-run", stdout=said, verbosity=0)
    return [statement for statement in said.getvalue().split(";") if statement.strip()]
