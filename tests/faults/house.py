"""A house of its own for tests that take parts of it away: PostgreSQL and Redis that may be killed, and our own processes on them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import environ
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from config.rehearsal.servers import PostgresqlProcess, RedisProcess, die_with_parent
from tests.architecture.test_commands import free_port

LEASE = 4  # long enough that a machine under load gives up nobody who lives
CELERY = [sys.executable, "-m", "celery", "-A", "tests.faults.celery_app"]
COMMANDS = {
    "web": [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "1", "--threads", "4", "--worker-class", "gthread"],
    "worker": [
        *CELERY,
        "worker",
        "-c",
        "1",
        "-Q",
        "codes,scores,documents,mail,default",
        "--without-gossip",
        "--without-mingle",
        "-l",
        "INFO",
    ],
    "scheduler": [*CELERY, "beat", "-l", "INFO"],
}


class House:
    def __init__(self, folder: Path, postgresql: PostgresqlProcess, redis: RedisProcess):
        self.folder, self.postgresql, self.redis = folder, postgresql, redis
        self.port, self.running = free_port(), {}
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment |= {"DATABASE_URL": postgresql.url, "BROKER_URL": redis.redis.broker_url, "CACHE_URL": redis.redis.cache_url}
        environment |= {"VAR_DIR": str(folder), "SECRET_KEY": settings.SECRET_KEY, "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment |= {"LOG_LEVEL": "INFO", "PYTHONWARNINGS": "ignore", "JOBS_GRACE_SECONDS": "0", "JOBS_LEASE_SECONDS": str(LEASE)}
        environment |= {"JOBS_TICK_SECONDS": "0.1", "JOBS_HEARTBEAT_SECONDS": "0.3", "FAULTS_SWEEP_SECONDS": "1"}
        self.environment = environment
        (folder / "static").mkdir(exist_ok=True)

    def start(self, *names: str) -> None:
        for name in names:
            more = {"web": ["--bind", f"127.0.0.1:{self.port}"], "scheduler": ["--schedule", str(self.folder / "beat")]}.get(name, [])
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    COMMANDS[name] + more,
                    cwd=settings.BASE_DIR,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent(signal.SIGKILL),
                )

    def kill(self, *names: str) -> None:
        """With all their children, at once."""
        for name in names:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running[name].pid, signal.SIGKILL)
            self.running.pop(name).wait()

    def web_processes(self) -> list[int]:
        """Those that answer requests; their parent starts new ones."""
        parent = self.running["web"].pid
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]

    def ask(self, path: str, *, method: str = "GET", language: str = "en", **headers) -> tuple[int, str, dict]:
        """(status, body, headers); status 0 where the connection was cut."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method, headers={"Accept-Language": language} | named
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(), dict(refused.headers)
        except OSError:
            return 0, "", {}

    def until(self, holds, what: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not holds():
            logs = "\n".join(f"--- {path.name}\n{path.read_text()[-3000:]}" for path in self.folder.glob("*.log"))
            assert time.monotonic() < end, f"{what}\n{logs}"
            time.sleep(0.1)

    def up(self) -> bool:
        return self.ask("/healthz")[0] == 200


def copy_schema(source: dict, url: str, programs: Path) -> None:
    """The tables and rows of this run's own database, as they stand; migrated anew where no test of this run asked for that one."""
    if not source["NAME"].startswith("test_"):
        with database_of(url):
            call_command("migrate", verbosity=0)
            call_command("createcachetable", "cache", verbosity=0)
        return
    facts = environ.Env.db_url_config(url)
    dump = [programs / "pg_dump", "-h", source["HOST"], "-U", source["USER"], "-d", source["NAME"]]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumped:
        load = [programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", facts["HOST"], "-U", facts["USER"], "-d", facts["NAME"]]
        subprocess.run(load, stdin=dumped.stdout, stdout=subprocess.DEVNULL, check=True)
    assert dumped.returncode == 0
    with database_of(url):
        call_command("createcachetable", "cache", verbosity=0)


@contextlib.contextmanager
def database_of(url: str):
    """This process, too, works on that database."""
    facts = environ.Env.db_url_config(url)
    before = {name: connection.settings_dict[name] for name in ("NAME", "HOST", "USER", "PASSWORD", "PORT")}
    connections.close_all()
    connection.settings_dict.update({name: facts[name] for name in before})
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict.update(before)
