"""What docker-compose.yml starts, started without Docker (tests/architecture/running.py): it serves, its parts speak by TLS and with nobody
else, and what they know each other by is renewed while they run."""

import http.client
import json
import re
import shutil
import socket
import ssl
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from config.keys import Keys
from config.rehearsal.servers import short_folder
from scripts import keys as making
from tests.architecture.running import SITE, Installation, until

pytestmark = [pytest.mark.redis, pytest.mark.timeout(240)]
OURS = ("web", "worker", "scheduler")
SERVERS = ("logs", "postgres", "redis")


@pytest.fixture(scope="module")
def installation():
    lacking = [name for name in ("caddy", "redis-server", "redis-cli") if shutil.which(name) is None]
    lacking += [] if list(Path("/usr/lib/postgresql").glob("*/bin/postgres")) else ["postgresql"]
    if lacking:
        pytest.fail(f"{', '.join(lacking)} is not installed (make setup-dev installs it).")
    with short_folder() as folder:
        made = Installation(folder)
        try:
            made.start(*SERVERS)
            made.until_healthy(*SERVERS)
            prepared = made.run("prepare", made.services["prepare"]["command"])
            assert (prepared.returncode, prepared.stdout.splitlines()[-1:]) == (0, ["Ready to serve."]), prepared.stderr
            made.start("web", "caddy")
            made.until_healthy("web", "caddy")
            yield made
        finally:
            made.stop(*list(made.running))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """Keys with the same names, of another authority."""
    folder = tmp_path_factory.mktemp("stranger")
    made = making.Keys(folder, dict.fromkeys(making.PARTS, 0))
    made.make(at=datetime.now(UTC))
    return made


INVITE = """
from django.utils import timezone
from accounts.services.invitation import invite
invite("li.ming@example.org", role="supervisor", scope="*", actor=None, at=timezone.now())
"""


def test_it_serves_a_page_and_does_a_job(installation):
    for name in ("worker", "scheduler"):
        assert not installation.healthy(name)
        installation.start(name)
    installation.until_healthy("worker", "scheduler")

    status, page, headers = installation.get("/account/login/")
    assert (status, '<html lang="zh-Hans"' in page) == (200, True)
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    (style, *_), (script, *_) = re.findall(r'href="(/\S+\.css)"', page), re.findall(r'src="(/\S+/shell\.\S+\.js)"', page)
    neighbour = re.search(r'from "\./(\S+)"', installation.get(script)[1]).group(1)
    for path in (style, script, f"{script.rpartition('/')[0]}/{neighbour}"):  # names with a digest, hence kept for ever
        assert installation.get(path)[2]["Cache-Control"] == "max-age=315360000, public, immutable", path

    invited = installation.run("web", ["python", "manage.py", "shell", "--verbosity", "0", "--command", INVITE])
    assert invited.returncode == 0, invited.stderr
    link = f"https://{SITE}/account/link/#i-"

    def letters() -> list[str]:  # a file is there before its text
        return [letter.read_text().replace("=\n", "") for letter in installation.mail.glob("*") if letter.stat().st_size]

    until(letters, seconds=15, what=(installation.folder / "worker.log").read_text)
    until(lambda: link in letters()[0], seconds=5, what=letters)
    assert len(letters()) == 1

    until(lambda: installation.get("/readyz")[0] == 200, seconds=30, what=lambda: installation.get("/readyz"))
    assert installation.stop(*OURS) == dict.fromkeys(OURS, 0)

    # What they wrote: JSON lines only, with the page's request, and not a word about the person.
    requests = [line for line in installation.lines("web") if line["logger"] == "saima.request"]
    assert [line["request_id"] for line in requests if line["route"] == "account_login"] == [headers["X-Request-Id"]]
    assert {line["logger"] for line in installation.lines("web")} <= {"gunicorn.error", "saima.request", "django.request"}
    assert any("jobs.run_job" in line["message"] for line in installation.lines("worker"))
    assert any("jobs.sweep" in line["message"] for line in installation.lines("scheduler"))
    assert [name for name in OURS if "li.ming" in (installation.folder / f"{name}.log").read_text()] == []

    # The keeper has them too: of the web server the same ones, for whom nothing else writes to its standard error.
    kept = {name: [json.loads(line) for line in path.read_text().splitlines()] for name, path in installation.kept().items()}
    assert set(kept) - {"prepare"} == set(OURS)  # which has something to say only where something is wrong
    assert [line["request_id"] for line in kept["web"] if line.get("route") == "account_login"] == [headers["X-Request-Id"]]
    assert any("jobs.run_job" in line["message"] for line in kept["worker"])
    assert any("jobs.sweep" in line["message"] for line in kept["scheduler"])
    installation.start("web")
    installation.until_healthy("web")


# ---------------------------------------------------------------- who may enter
def entered(installation, role: str, part: str, keys=None, **changes) -> str:
    try:
        with installation.database(role, part, keys, **changes) as link:
            return link.execute("SELECT current_user").fetchone()[0]
    except psycopg.OperationalError as refused:
        return re.sub(r".*(?:FATAL|error): *", "", str(refused).strip().splitlines()[-1])


def test_each_enters_the_database_as_itself_and_as_nobody_else(installation):
    allowed = {"prepare": "saima", "web": "saima_app", "worker": "saima_app"}
    found = {(part, role): entered(installation, role, part) for part in making.PARTS for role in ("saima", "saima_app")}
    assert {key: who for key, who in found.items() if who == key[1]} == {(part, role): role for part, role in allowed.items()}
    refusals = {answer for key, answer in found.items() if answer != key[1] and making.PARTS[key[0]].asks}  # others open nothing at all
    assert {re.sub(r'user "\w+"', "user …", answer) for answer in refusals} == {"certificate authentication failed for user …"}


def test_the_database_is_not_entered_in_the_clear_without_or_with_another_certificate(installation, stranger):
    for role, part in (("saima", "prepare"), ("saima_app", "web")):
        bare = dict.fromkeys(("sslrootcert", "sslcert", "sslkey", "ssl_min_protocol_version"))
        assert "no encryption" in entered(installation, role, part, sslmode="disable", password="9c1d", **bare)
        none = entered(installation, role, part, sslcert="/nowhere", sslkey="/nowhere", password="9c1d")
        assert "valid client certificate" in none
        own = str(installation.keys.folder / part / "authority.pem")
        assert "unknown ca" in entered(installation, role, part, stranger, sslrootcert=own)
        # … nor does a part of ours enter a server of another authority.
        assert "certificate verify failed" in entered(installation, role, part, sslrootcert=str(stranger.folder / part / "authority.pem"))


def test_redis_is_entered_by_certificate_and_by_ones_own_account(installation, stranger):
    answers = {part: installation.redis(part).set("here", part) for part in OURS}
    assert answers == dict.fromkeys(OURS, True)
    for part in OURS:
        with pytest.raises(NoPermissionError):
            installation.redis(part).config_get("*")
    with pytest.raises(NoPermissionError):
        installation.redis("redis").get("here")
    with pytest.raises(AuthenticationError):  # a certificate without an account
        installation.redis("prepare", credential_provider=None).ping()
    other = Keys(stranger.folder / "web", "web").for_redis()["credential_provider"]
    with pytest.raises(AuthenticationError):  # with the password of other keys
        installation.redis("web", credential_provider=other).ping()
    authorities = [str(keys.folder / "web" / "authority.pem") for keys in (installation.keys, stranger)]
    without = {"ssl_certfile": None, "ssl_keyfile": None}
    for keys, changes in ((None, without), (None, {"clear": True}), (stranger, {"ssl_ca_certs": authorities[0]})):
        with pytest.raises(RedisError):
            installation.redis("web", keys, **changes).ping()
    with pytest.raises(RedisError, match="verify failed"):
        installation.redis("web", ssl_ca_certs=authorities[1]).ping()


def asked(installation, context) -> int:
    """/healthz of the web server itself; 0: it does not speak with such a one."""
    port = installation.ports["web"]
    link = (
        http.client.HTTPSConnection("localhost", port, timeout=5, context=context)
        if context
        else http.client.HTTPConnection("localhost", port, timeout=5)
    )
    try:
        with closing(link):
            link.request("GET", "/healthz", headers={"Host": SITE, "X-Forwarded-Proto": "https"})
            return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0


def test_the_web_server_speaks_with_who_shows_a_certificate(installation, stranger):
    def context(authority, own=None, newest=ssl.TLSVersion.TLSv1_3):
        made = ssl.create_default_context(cafile=authority.folder / "caddy" / "authority.pem")
        made.maximum_version = newest
        if own:
            made.load_cert_chain(own.folder / "caddy" / "own.pem")
        return made

    ours = installation.keys
    assert asked(installation, context(ours, ours)) == 200
    refused = [None, context(ours), context(ours, stranger), context(stranger, ours), context(ours, ours, ssl.TLSVersion.TLSv1_2)]
    assert [asked(installation, one) for one in refused] == [0] * 5


def test_connections_opened_in_advance_hold_no_thread(installation):
    keys = Keys(installation.keys.folder / "caddy", "caddy")
    context = ssl.create_default_context(cafile=keys.authority)
    context.load_cert_chain(keys.own)
    with ExitStack() as stack:
        for _number in range(30):  # two processes have eight threads
            tcp = stack.enter_context(closing(socket.create_connection(("127.0.0.1", installation.ports["web"]), timeout=10)))
            stack.enter_context(closing(context.wrap_socket(tcp, server_hostname="web")))
        assert asked(installation, context) == 200
        assert installation.stop("web") == {"web": 0}  # nor does it wait for them
    installation.start("web")
    installation.until_healthy("web")


def test_a_database_and_a_redis_that_were_away_are_entered_again(installation):
    def checks() -> dict[str, bool]:
        found = json.loads(installation.get("/readyz")[1])["checks"]
        return {name: found[name]["ok"] for name in ("database", "broker")}

    installation.stop("logs")
    assert installation.get("/account/login/")[0] == 200
    installation.start("logs")
    for name, check in (("redis", "broker"), ("postgres", "database")):
        assert checks() == {"database": True, "broker": True}
        installation.stop(name)
        assert (checks()[check], installation.get("/healthz")[0]) == (False, 200)
        installation.start(name)
        installation.until_healthy(name)
        until(lambda: checks() == {"database": True, "broker": True}, seconds=10, what=checks)
        assert installation.get("/account/login/")[0] == 200


def test_what_is_renewed_is_taken_while_all_of_it_runs(installation):
    def shown() -> dict[str, int | None]:
        return {name: installation.says_of(name, installation.ports[name]) for name in ("postgres", "redis", "logs", "web")}

    def made() -> dict[str, int]:
        return {name: installation.keys.certificate(name).serial_number for name in ("postgres", "redis", "logs", "web")}

    before, processes = shown(), {name: process.pid for name, process in installation.running.items()}
    assert before == made()
    with installation.database("saima_app", "web") as link, closing(installation.redis("web")) as cache:
        cache.set("before", "renewal")
        for _twice in range(2):  # a password of Redis is told one renewal ahead
            loads = loaded(installation)
            installation.keys.make(at=datetime.now(UTC), anew=tuple(making.PARTS))
            until(lambda: shown() == made(), seconds=10, what=lambda: (shown(), made()))
            until(lambda loads=loads: loaded(installation) > loads, seconds=10, what=(installation.folder / "caddy.log").read_text)
            assert installation.get("/healthz")[0] == 200
            assert {part: installation.redis(part).get("before") for part in OURS} == dict.fromkeys(OURS, b"renewal")
        assert link.execute("SELECT 12").fetchone() == (12,)  # nobody was cut off
    assert set(shown().values()) & set(before.values()) == set()

    # A new authority: certificates of the one before open nothing any more.
    old = installation.folder / "old"
    shutil.copytree(installation.keys.folder, old / "keys")
    loads = loaded(installation)
    installation.keys.make(at=datetime.now(UTC), authority=True)
    until(lambda: shown() == made(), seconds=10, what=lambda: (shown(), made()))
    ours = str(installation.keys.folder / "web" / "authority.pem")
    assert "unknown ca" in entered(installation, "saima_app", "web", making.Keys(old / "keys"), sslrootcert=ours)
    assert entered(installation, "saima_app", "web") == "saima_app"
    until(lambda: loaded(installation) > loads, seconds=10, what=(installation.folder / "caddy.log").read_text)
    assert installation.get("/healthz")[0] == 200
    assert {name: process.pid for name, process in installation.running.items() if process.poll() is None} == processes


def loaded(installation) -> int:
    return (installation.folder / "caddy.log").read_text().count('"msg":"load complete"')
