"""`manage.py serve`: the whole of Saima on one machine, in the foreground, until Ctrl-C.

Redis (on a private socket), the web server, a worker and the scheduler are its children, each the leader of a process
group. It ends them all when it is asked to stop (SIGINT, SIGTERM, SIGHUP) or when one of them ends by itself.
"""

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.rehearsal.demo.people import printed_password_opens
from config.rehearsal.servers import Redis, die_with_parent, redis_command, short_folder

QUEUES = "codes,scores,documents,mail,default"
START_SECONDS = 60
GRACE_SECONDS = 10
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  each with the address at which it answers here


@dataclass
class Supervisor:
    """Children by name; nothing of them is left when `stop` returns."""

    logs: Path
    children: dict[str, subprocess.Popen] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen:
        with (self.logs / f"{name}.log").open("wb") as log:
            self.children[name] = subprocess.Popen(
                command,
                env=environment,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        return self.children[name]

    def ended(self) -> str | None:
        """Name of a child that is no longer there."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def last_lines(self, name: str) -> str:
        return "\n".join((self.logs / f"{name}.log").read_text(errors="replace").splitlines()[-15:])

    def stop(self) -> None:
        """Ends Redis last: the others still hand back what they hold."""
        self._end([child for name, child in self.children.items() if name != "redis"])
        self._end(self.children.values())

    @staticmethod
    def _end(children) -> None:
        for child in children:
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + GRACE_SECONDS
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(0.1, until - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # what did not go in time, and anything it left behind
            child.wait()


class Command(BaseCommand):
    help = "Serves Saima on one machine: web server, worker, scheduler and Redis, until interrupted."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether HOST and PORT can be used")

    def handle(self, *, check: bool = False, **options) -> None:
        check_address(settings.HOST, settings.PORT)
        if check:
            return
        if settings.HOST not in LOOPBACK and printed_password_opens():
            raise CommandError("The printed demo password still opens this data: DEMO_PASSWORD=… manage.py demo --passwords changes it.")
        stopping = threading.Event()
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT may have come ignored (started in the background)
            signal.signal(sig, lambda *_: stopping.set())
        logs = settings.VAR_DIR / "log"
        for folder in (logs, settings.STATIC_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
        with only_one(settings.VAR_DIR / "serve.lock"), contextlib.ExitStack() as stack:
            supervisor = Supervisor(logs, stopping=stopping)
            stack.callback(supervisor.stop)
            environment = self.start_broker(supervisor, stack)
            if stopping.is_set():
                return
            for name, command in programs(by_redis=bool(environment["BROKER_URL"])).items():
                supervisor.start(name, command, environment)
            if not self.wait_until(supervisor, answers, seconds=START_SECONDS):
                return
            self.greet()
            self.wait_until(supervisor, lambda: False, seconds=float("inf"))
            self.stdout.write("Stopping …")

    def start_broker(self, supervisor: Supervisor, stack: contextlib.ExitStack) -> dict[str, str]:
        """Starts Redis unless the environment names a broker; gives the environment of the other children."""
        environment = os.environ | {"BROKER_URL": settings.BROKER_URL, "CACHE_URL": settings.CACHE_URL, "PYTHONUNBUFFERED": "1"}
        if settings.HOST in EVERYWHERE and "ALLOWED_HOSTS" not in environment:
            environment["ALLOWED_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, *own_names()])
        if settings.BROKER_URL:
            return environment
        if shutil.which("redis-server") is None:
            self.stdout.write("redis-server is not installed: one background worker, messages in files, the database as cache.")
            return environment
        socket_file = stack.enter_context(short_folder(settings.VAR_DIR / "run")) / "redis.sock"
        socket_file.unlink(missing_ok=True)
        stack.callback(supervisor.stop)  # before the socket's folder goes
        supervisor.start("redis", redis_command(socket_file), environment)
        self.wait_until(supervisor, socket_file.exists, seconds=START_SECONDS)
        redis = Redis(socket_file)
        return environment | {"BROKER_URL": redis.broker_url, "CACHE_URL": redis.cache_url}

    def wait_until(self, supervisor: Supervisor, ready, *, seconds: float) -> bool:
        """False when it was asked to stop first. A child that ends by itself, or too long a wait, is an error."""
        until = time.monotonic() + seconds
        while not supervisor.stopping.is_set():
            name = supervisor.ended()
            if name is not None:
                status = supervisor.children[name].returncode
                raise CommandError(f"{name} ended by itself (status {status}); everything is stopped.\n{supervisor.last_lines(name)}")
            if ready():
                return True
            if time.monotonic() > until:
                raise CommandError(f"The page did not answer within {seconds:.0f} seconds; see {supervisor.logs}.")
            supervisor.stopping.wait(0.2)
        return False

    def greet(self) -> None:
        shown = "localhost" if settings.HOST in LOOPBACK | set(EVERYWHERE) else settings.HOST
        if not settings.SECOND_FACTOR_REQUIRED:
            self.stdout.write("THE SECOND FACTOR IS SWITCHED OFF: for a demonstration only, never for real people.")
        logins = settings.VAR_DIR / "demo-logins.txt"
        if logins.exists():
            self.stdout.write(logins.read_text())
        self.stdout.write(f"Saima is at http://{shown}:{settings.PORT}  (Ctrl-C stops it; logs in {settings.VAR_DIR / 'log'})")
        self.stdout.flush()


def check_address(host: str, port: int) -> None:
    """Refuses an address that is taken, and one that others can reach while the demo's passwords are the printed ones."""
    if host not in LOOPBACK and not settings.SECOND_FACTOR_REQUIRED and not os.environ.get("DEMO_PASSWORD"):
        raise CommandError(f"HOST={host} lets others in: set DEMO_PASSWORD to a password of your own first.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(f"Port {port} on {host} cannot be used ({error.strerror}); choose another: make demo PORT=8001") from error


@contextlib.contextmanager
def only_one(path: Path):
    """Two of us on one data folder would take each other's broker away."""
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(f"Saima already runs on {path.parent}; stop it first.") from error
        yield


def own_names() -> list[str]:
    """What others in the same network may call this machine."""
    name = socket.gethostname()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # sends nothing; tells which of our addresses would be used
        return [name, probe.getsockname()[0]]
    return [name]


def programs(*, by_redis: bool) -> dict[str, list[str]]:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    web = f"--bind {host}:{settings.PORT} --workers 2 --worker-class gthread --threads 4 --no-control-socket --graceful-timeout 5"
    worker = f"worker --queues {QUEUES} --concurrency {2 if by_redis else 1} --loglevel INFO --without-gossip --without-mingle"
    celery = [sys.executable, "-m", "celery", "--app", "config"]
    return {
        "web": [sys.executable, "-m", "gunicorn", "config.wsgi", *web.split(" ")],
        "worker": [*celery, *worker.split(" ")],
        "scheduler": [*celery, "beat", "--loglevel", "INFO", "--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME],
    }


def answers() -> bool:
    connection = http.client.HTTPConnection(EVERYWHERE.get(settings.HOST, settings.HOST), settings.PORT, timeout=20)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
