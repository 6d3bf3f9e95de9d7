"""What docker-compose.yml starts, started without Docker: its own command lines under its own settings on a real PostgreSQL and a
real Redis; only hosts, ports and folders are replaced, by environment."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

import environ
import psycopg
import pytest

from config.rehearsal.servers import die_with_parent
from tests.architecture.compose import FILLED_IN, ROOT, compose
from tests.architecture.test_commands import free_port

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.timeout(120)]
SITE = FILLED_IN["SITE_NAME"]


@pytest.fixture(scope="module")
def database(postgresql_url):
    facts = environ.Env.db_url_config(postgresql_url)
    own = f"compose_{os.getpid()}"
    with psycopg.connect(host=facts["HOST"], user=facts["USER"], dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {own}")
        yield f"postgresql://{facts['USER']}@/{quote(facts['HOST'])}/{own}"
        server.execute(f"DROP DATABASE {own} WITH (FORCE)")


class Rehearsal:
    def __init__(self, folder: Path, database: str, redis):
        self.folder, self.services, self.running = folder, compose()["services"], {}
        self.mail = folder / "mail"
        self.port = free_port()
        self.here = {"DATABASE_URL": database, "BROKER_URL": redis.broker_url, "CACHE_URL": redis.cache_url}
        self.here |= {"VAR_DIR": str(folder / "data"), "EMAIL_URL": f"filemail:///{self.mail}", "HOST": "127.0.0.1", "PORT": str(self.port)}
        # Celery warns where it runs as root, before it knows how to log; the image has a user of its own.
        self.outside = {"PYTHONWARNINGS": "ignore", "TMPDIR": str(folder)}
        (folder / "data").mkdir()

    def environment(self, name: str) -> dict[str, str]:
        given = dict(self.services[name]["environment"])
        if "ALIVE_FILE" in given:
            self.here["ALIVE_FILE"] = str(self.folder / f"{name}-alive")
        replaced = {key: value for key, value in self.here.items() if key in given}
        return {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"} | self.outside | given | replaced

    def run(self, name: str, command: list[str]) -> subprocess.CompletedProcess:
        return subprocess.run(command, cwd=ROOT, env=self.environment(name), capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                self.services[name]["command"],
                cwd=ROOT,
                env=self.environment(name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )

    def healthy(self, name: str) -> bool:
        kind, *command = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        return self.run(name, command).returncode == 0

    def lines(self, name: str) -> list[dict]:
        written = (self.folder / f"{name}.log").read_text().splitlines()
        return [json.loads(line) for line in written if line not in {"", "worker: Warm shutdown (MainProcess)"}]

    def get(self, path: str) -> tuple[int, str, dict]:
        headers = {"Host": SITE, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(), dict(refused.headers)

    def stop(self) -> dict[str, int]:
        for process in self.running.values():
            process.terminate()
        status = {}
        for name, process in self.running.items():
            with contextlib.suppress(subprocess.TimeoutExpired):
                status[name] = process.wait(timeout=20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return status


@pytest.fixture
def rehearsal(tmp_path, database, redis):
    made = Rehearsal(tmp_path, database, redis)
    yield made
    made.stop()


def until(holds, *, seconds: float, what) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what()
        time.sleep(0.3)


INVITE = """
from django.utils import timezone
from accounts.services.invitation import invite
invite("li.ming@example.org", role="supervisor", scope="*", actor=None, at=timezone.now())
"""


def test_what_compose_starts_serves_a_page_and_does_a_job(rehearsal):
    prepared = rehearsal.run("prepare", rehearsal.services["prepare"]["command"])
    assert (prepared.returncode, prepared.stdout.splitlines()[-1:]) == (0, ["Ready to serve."]), prepared.stderr

    started = ("web", "worker", "scheduler")
    for name in started:
        assert not rehearsal.healthy(name)
        rehearsal.start(name)
    for name in started:
        until(lambda: rehearsal.healthy(name), seconds=40, what=(rehearsal.folder / f"{name}.log").read_text)  # noqa: B023

    status, page, headers = rehearsal.get("/account/login/")
    assert (status, '<html lang="zh-Hans"' in page) == (200, True)
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    (style, *_), (script, *_) = re.findall(r'href="(/\S+\.css)"', page), re.findall(r'src="(/\S+/shell\.\S+\.js)"', page)
    neighbour = re.search(r'from "\./(\S+)"', rehearsal.get(script)[1]).group(1)
    for path in (style, script, f"{script.rpartition('/')[0]}/{neighbour}"):  # names with a digest, hence kept for ever
        assert rehearsal.get(path)[2]["Cache-Control"] == "max-age=315360000, public, immutable", path

    invited = rehearsal.run("web", ["python", "manage.py", "shell", "--verbosity", "0", "--command", INVITE])
    assert invited.returncode == 0, invited.stderr
    link = f"https://{SITE}/account/link/#i-"

    def letters() -> list[str]:  # a file is there before its text
        return [letter.read_text().replace("=\n", "") for letter in rehearsal.mail.glob("*") if letter.stat().st_size]

    until(letters, seconds=15, what=(rehearsal.folder / "worker.log").read_text)
    until(lambda: link in letters()[0], seconds=5, what=letters)
    assert len(letters()) == 1

    until(lambda: rehearsal.get("/readyz")[0] == 200, seconds=30, what=lambda: rehearsal.get("/readyz"))
    assert rehearsal.stop() == dict.fromkeys(started, 0)

    # What they wrote: JSON lines only, with the page's request, and not a word about the person.
    requests = [line for line in rehearsal.lines("web") if line["logger"] == "saima.request"]
    assert [line["request_id"] for line in requests if line["route"] == "account_login"] == [headers["X-Request-Id"]]
    assert {line["logger"] for line in rehearsal.lines("web")} <= {"gunicorn.error", "saima.request", "django.request"}
    assert any("jobs.run_job" in line["message"] for line in rehearsal.lines("worker"))
    assert any("jobs.sweep" in line["message"] for line in rehearsal.lines("scheduler"))
    assert [name for name in started if "li.ming" in (rehearsal.folder / f"{name}.log").read_text()] == []
