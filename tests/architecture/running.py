"""What docker-compose.yml starts, started without Docker: its own command lines under its own settings, with the real programs. Only hosts,
ports and folders are replaced."""

import contextlib
import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.keys import Keys
from config.rehearsal.servers import UNPRIVILEGED_USER, die_with_parent
from scripts import keys as making
from scripts.vault import Vault
from tests.architecture.compose import FILLED_IN, ROOT, SECRETS, compose
from tests.architecture.test_commands import free_port

SITE = FILLED_IN["SITE_NAME"]
QUIET = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}


def programs() -> Path:
    """Debian's PostgreSQL: that of the wheel knows no TLS."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


class Installation:
    def __init__(self, folder: Path):
        self.folder, self.services, self.running = folder, compose()["services"], {}
        folder.chmod(0o711)
        self.mail = folder / "mail"
        self.ports = {name: free_port() for name in ("postgres", "redis", "web", "logs", "http", "https", "alive")}
        self.identity = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam(UNPRIVILEGED_USER)
            self.identity = {"postgres": {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}}
        users = {name: self.identity.get(name, {"user": os.geteuid()})["user"] for name in making.PARTS}
        (folder / "keys").mkdir(mode=0o711)
        self.keys = making.Keys(folder / "keys", users)
        self.keys.make(at=datetime.now(UTC))
        self.vault = Vault(folder / "vault")
        self.vault.take(SECRETS | {"EMAIL_URL": f"filemail:///{self.mail}"})
        self.vault.hand_out(self.keys)
        shutil.copytree(ROOT / "deploy" / "inside", folder / "inside")  # ours may be closed to that other user
        for name in ("data", "database", "caddy", "logs"):
            (folder / name).mkdir()
        self._caddyfile()
        self._database(users["postgres"])

    def _caddyfile(self) -> None:
        """Other ports, and the machine's own list of authorities left alone."""
        text = (ROOT / "deploy" / "Caddyfile").read_text()
        more = f"\thttp_port {self.ports['http']}\n\thttps_port {self.ports['https']}\n\tskip_install_trust\n"
        (self.folder / "Caddyfile").write_text(text.replace("{\n\tadmin", "{\n" + more + "\tadmin", 1))

    def _database(self, user: int) -> None:
        data = self.folder / "database"
        os.chown(data, user, -1)
        more = {"env": self.environment("postgres"), "cwd": data, **self.identity.get("postgres", {})}
        initdb = [programs() / "initdb", "--username=saima", "--encoding=UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(initdb, **QUIET, **more)
        assert made.returncode == 0, made.stderr
        alone = [programs() / "postgres", "--single", "-D", data, "postgres"]
        made = subprocess.run(alone, input="CREATE DATABASE saima\n", capture_output=True, text=True, **more)
        assert made.returncode == 0, made.stderr

    # ---------------------------------------------------------------- settings and commands
    def environment(self, name: str) -> dict[str, str]:
        given, keys = dict(self.services[name].get("environment", {})), str(self.keys.folder / name)
        here = {
            "DATABASE_URL": given.get("DATABASE_URL", "").replace("@postgres:5432", f"@localhost:{self.ports['postgres']}"),
            "BROKER_URL": f"rediss://localhost:{self.ports['redis']}/0",
            "CACHE_URL": f"rediss://localhost:{self.ports['redis']}/1",
            "WEB": f"https://localhost:{self.ports['web']}",
            "PORT": str(self.ports["web"]),
            "LOG_KEEPER": f"localhost:{self.ports['logs']}",
            "HOST": "127.0.0.1",
            "INNER_KEYS": keys,
            "VAR_DIR": str(self.folder / "data"),
            "ALIVE_FILE": str(self.folder / f"{name}-alive"),
            "CERTIFICATE": "internal",
        }
        # Celery warns where it runs as root, before it knows how to log; the image has a user of its own.
        outside = {"PYTHONWARNINGS": "ignore", "TMPDIR": str(self.folder), "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        outside |= {"KEYS": keys, "LOOK_SECONDS": "0.3", "REDIS_PORT": str(self.ports["redis"])}
        outside |= {"PGPORT": str(self.ports["postgres"]), "PGDATA": str(self.folder / "database")}
        outside |= {"ADMIN": str(self.folder / "caddy" / "admin.sock"), "ALIVE_PORT": str(self.ports["alive"])}
        outside |= {"XDG_DATA_HOME": str(self.folder / "caddy"), "XDG_CONFIG_HOME": str(self.folder / "caddy")}
        if name == "logs":
            outside |= {"LOGS": str(self.folder / "logs"), "HOST": "127.0.0.1", "PORT": str(self.ports["logs"]), "INNER_KEYS": keys}
        path = f"{Path(sys.executable).parent}:{programs()}:{os.environ['PATH']}"
        given = {key: value.replace("/keys/", f"{keys}/") for key, value in given.items()}
        return {"PATH": path} | outside | given | {key: value for key, value in here.items() if key in given}

    def command(self, name: str) -> list[str]:
        service, ports = self.services[name], self.ports
        replaced = {"/keys/": f"{self.keys.folder / name}/", "/etc/saima/": f"{self.folder / 'inside'}/"}
        replaced |= {"/etc/caddy/Caddyfile": str(self.folder / "Caddyfile"), "6379": str(ports["redis"])}
        words = [*service.get("entrypoint", []), *service["command"]]
        for old, new in replaced.items():
            words = [word.replace(old, new) for word in words]
        here = {"postgres": ["--listen_addresses=127.0.0.1", f"--unix_socket_directories={self.folder / 'database'}", "--fsync=off"]}
        return words + here.get(name, [])

    # ---------------------------------------------------------------- running
    def run(self, name: str, command: list[str]) -> subprocess.CompletedProcess:
        return subprocess.run(command, cwd=ROOT, env=self.environment(name), **QUIET)

    def start(self, *names: str) -> None:
        for name in names:
            with (self.folder / f"{name}.log").open("wb") as log:
                self.running[name] = subprocess.Popen(
                    self.command(name),
                    cwd=self.folder if name in self.identity else ROOT,
                    env=self.environment(name),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent(),
                    **self.identity.get(name, {}),
                )

    def healthy(self, name: str) -> bool:
        if name == "postgres":  # its own check asks by a socket, as the user of the container
            return self.says_of("postgres", self.port_of("postgres")) is not None
        kind, *command = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        if name == "caddy":
            command = [word.replace(":8090", f":{self.ports['alive']}") for word in command]
        return self.run(name, [word.replace("/etc/saima/", f"{self.folder / 'inside'}/") for word in command]).returncode == 0

    def until_healthy(self, *names: str) -> None:
        for name in names:
            until(partial(self.healthy, name), seconds=40, what=(self.folder / f"{name}.log").read_text)

    def lines(self, name: str) -> list[dict]:
        written = (self.folder / f"{name}.log").read_text().splitlines()
        return [json.loads(line) for line in written if line not in {"", "worker: Warm shutdown (MainProcess)"}]

    def kept(self) -> dict[str, Path]:
        """Part → its file of today, as the keeper of the log has it."""
        return {path.name.split(".")[1]: path for path in (self.folder / "logs").iterdir()}

    def stop(self, *names: str) -> dict[str, int]:
        status = {}
        for name in names:
            self.running[name].send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        for name in names:
            process = self.running.pop(name)
            with contextlib.suppress(subprocess.TimeoutExpired):
                status[name] = process.wait(timeout=20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return status

    # ---------------------------------------------------------------- asking
    def get(self, path: str) -> tuple[int, str, dict]:
        """A page, through Caddy, as a browser that trusts its authority asks for it."""
        root = self.folder / "caddy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        link = http.client.HTTPSConnection(SITE, timeout=20)
        tcp = socket.create_connection(("127.0.0.1", self.ports["https"]), timeout=20)
        link.sock = ssl.create_default_context(cafile=root).wrap_socket(tcp, server_hostname=SITE)
        with contextlib.closing(link):
            link.request("GET", path, headers={"Host": SITE})
            answer = link.getresponse()
            return answer.status, answer.read().decode(), dict(answer.headers)

    def port_of(self, name: str) -> int:
        return self.ports[name]

    def says_of(self, name: str, port: int) -> int | None:
        """The serial number of the certificate that a server shows now; None: there is no server."""
        context = ssl.create_default_context(cafile=self.keys.folder / "web" / "authority.pem")
        context.load_cert_chain(self.keys.folder / "web" / "own.pem")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as tcp:
            if name == "postgres":  # asks for TLS first
                tcp.sendall(bytes.fromhex("0000000804d2162f"))
                assert tcp.recv(1) == b"S"
            with context.wrap_socket(tcp, server_hostname=name) as shown:
                return int(shown.getpeercert()["serialNumber"], 16)
        return None

    def database(self, role: str, part: str, keys: making.Keys | None = None, **changes) -> psycopg.Connection:
        """Enters the database as `role` with the certificate of `part`, or of a part of other `keys`."""
        options = Keys((keys or self.keys).folder / part, part).for_database() | changes
        where = {"host": "localhost", "port": self.ports["postgres"], "dbname": "saima", "connect_timeout": 5}
        return psycopg.connect(**where, user=role, autocommit=True, **{key: value for key, value in options.items() if value})

    def redis(self, part: str, keys: making.Keys | None = None, *, clear: bool = False, **changes) -> redis.Redis:
        options = Keys((keys or self.keys).folder / part, part).for_redis() | changes
        if clear:
            options = {"credential_provider": options["credential_provider"]}
        return redis.Redis(host="localhost", port=self.ports["redis"], ssl=not clear, retry=Retry(NoBackoff(), 0), **options)


def until(holds, *, seconds: float, what) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what()
        time.sleep(0.1)
