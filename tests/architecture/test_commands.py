"""make setup, make demo and what they start: quick where all is there, one clear line where not, nothing left behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)


def pins(lock: str) -> dict[tuple[str, str], str]:
    return {(name, marker): version for name, version, marker in PINNED.findall((ROOT / lock).read_text())}


# ---------------------------------------------------------------- lock files, Makefile
@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_each_package_is_pinned_with_its_hash_and_no_address(lock):
    text = (ROOT / lock).read_text()
    assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links", text) == []
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry]
    assert [entry.split("\n")[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert len(pins(lock)) == len(entries) > 40


def test_the_development_lock_holds_the_same_versions():
    development = pins("requirements-dev.txt")
    # Where a development package narrows a version, its marker may differ; the version for it may not.
    names = {name: {version for (other, _), version in development.items() if other == name} for name, _ in pins("requirements.txt")}
    assert {name: version for (name, _), version in pins("requirements.txt").items() if version not in names[name]} == {}


def test_the_commands_of_the_readme_are_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"setup", "setup-dev", "demo", "test", "lint", "messages"} <= targets
    first_screen = "\n".join((ROOT / "README.md").read_text().splitlines()[:30])
    assert "make demo" in first_screen and "make test" in first_screen
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in (ROOT / ".ci" / "run").read_text()


# ---------------------------------------------------------------- setup
@pytest.fixture
def clone(tmp_path) -> Path:
    """What setup needs of this repository, in a path with a space, with this run's environment linked in."""
    folder = tmp_path / "a clone of Saima"
    (folder / "scripts").mkdir(parents=True)
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "scripts/setup", "scripts/setup.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def make(folder: Path, target: str, **environment: str) -> subprocess.CompletedProcess:
    """With an environment that holds the PATH and nothing else: no HOME, no LANG, no TZ."""
    clean = {"PATH": os.environ["PATH"]} | environment
    return subprocess.run(["make", target], cwd=folder, env=clean, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_setup_where_all_is_there_is_quick_and_silent(clone):
    start = time.monotonic()
    done = make(clone, "setup-dev")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - start < 10


def test_setup_compiles_what_is_older_than_its_source(clone):
    messages = clone / "locale" / "zh_Hans" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    (messages / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "甲"\n')
    assert make(clone, "setup").returncode == 0
    assert "甲".encode() in (messages / "django.mo").read_bytes()


def test_setup_says_in_one_line_that_a_folder_cannot_be_written(clone):
    (clone / "var").write_text("not a folder")
    done = make(clone, "setup")
    assert done.returncode != 0
    assert [line for line in done.stderr.splitlines() if line.startswith("Saima:")] == [
        f"Saima: this folder cannot be written (File exists: {clone / 'var'})."
    ]
    assert "Traceback" not in done.stderr


def test_setup_says_in_one_line_what_a_linked_environment_lacks(clone):
    with (clone / "requirements.txt").open("a") as lock:
        lock.write("nowhere-to-be-found==1.0 \\\n    --hash=sha256:00\n")
    done = make(clone, "setup")
    assert done.returncode != 0
    assert "which lacks nowhere-to-be-found; remove the link" in done.stderr


def only(folder: Path, *programs: str) -> str:
    """A PATH on which these programs are and nothing else."""
    folder.mkdir()
    for name in programs:
        # Written out, not linked: a Python finds its home from where it stands.
        (folder / name).write_text(f'#!/bin/sh\nexec "{shutil.which(name)}" "$@"\n')
        (folder / name).chmod(0o755)
    return str(folder)


def test_setup_names_what_it_cannot_install(clone):
    done = make(clone, "setup", PATH=only(clone / "bin", "make", "sh", "dirname", "python3"))
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        "Saima: these system packages are missing; install them and start again: sudo apt-get install gettext"
    )


def test_setup_does_without_redis_and_says_what_follows(clone):
    done = make(clone, "setup", PATH=only(clone / "bin", "make", "sh", "dirname", "python3", "msgfmt"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Saima: redis-server is missing: the demo then works with one background worker and the database as cache; `make test` needs it.\n"
    )


def test_setup_names_the_python_it_needs(clone):
    (clone / ".venv").unlink()
    done = make(clone, "setup", PATH=only(clone / "bin", "make", "sh", "dirname"))
    assert done.returncode != 0
    assert "Saima needs Python 3.11 or newer" in done.stderr


# ---------------------------------------------------------------- serve
def eventually(seen, seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not seen() and time.monotonic() < until:
        time.sleep(0.2)
    return bool(seen())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """`manage.py serve` as a process of its own, started as a shell starts one in the background: with SIGINT ignored."""

    def __init__(self, folder: Path, *, path: str | None = None, **environment: str):
        self.port = free_port()
        outside = {"PATH": os.environ["PATH"] if path is None else path, "VAR_DIR": str(folder), "PORT": str(self.port)}
        outside["TMPDIR"] = str(folder.parents[2])  # short enough for a socket, and gone with the other folders of this run
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "serve"],
            env=outside | {"SECOND_FACTOR_REQUIRED": "0"} | environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )
        self.said = []
        for line in self.process.stdout:
            self.said.append(line.strip())
            if "Saima is at" in line:
                break
        self.family = [psutil.Process(child.pid) for child in psutil.Process(self.process.pid).children(recursive=True)]

    def status(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/account/login/", timeout=20) as response:
            return response.status

    def end(self) -> tuple[int, str]:
        """Exit status and last words, when it has gone."""
        rest = self.process.communicate(timeout=40)[0]
        return self.process.returncode, rest.strip()

    def left_behind(self, seconds: float = 0) -> list[str]:
        until = time.monotonic() + seconds
        while (
            left := [one for one in self.family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        ) and time.monotonic() < until:
            time.sleep(0.1)
        names = [" ".join(one.cmdline()) for one in left]
        for one in left:
            one.kill()
        return names


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A data folder with a migrated database, deep and with a space: too long for a socket of its own."""
    folder = tmp_path_factory.mktemp("data") / "a deep place" / ("d" * 90)
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder)}
    for command in (["migrate", "--verbosity", "0"], ["createcachetable"]):
        subprocess.run([sys.executable, ROOT / "manage.py", *command], env=environment, cwd=ROOT, check=True)
    return folder


def test_serve_answers_and_leaves_nothing_when_interrupted(prepared):
    served = Served(prepared)
    try:
        assert served.status() == 200
        assert f"Saima is at http://localhost:{served.port}" in served.said[-1]
        assert "THE SECOND FACTOR IS SWITCHED OFF: for a demonstration only, never for real people." in served.said
        assert len(served.family) >= 8  # Redis; web and two workers; worker and two processes; scheduler
        served.process.send_signal(signal.SIGINT)
        assert served.end() == (0, "Stopping …")
    finally:
        assert served.left_behind() == []


def test_serve_without_redis_works_with_one_worker_and_says_so(prepared, tmp_path):
    served = Served(prepared, path=str(tmp_path))
    try:
        assert "redis-server is not installed: one background worker, messages in files, the database as cache." in served.said
        assert served.status() == 200
        assert len(served.family) == 6  # web and two workers; worker and one process; scheduler
        environment = {"PATH": str(tmp_path), "VAR_DIR": str(prepared)}
        subprocess.run(
            [sys.executable, "-m", "celery", "--app", "config", "--quiet", "call", "jobs.sweep"], env=environment, cwd=ROOT, check=True
        )
        assert eventually(lambda: re.search(r"Task jobs\.sweep\[.*\] succeeded", (prepared / "log" / "worker.log").read_text()))
        served.process.terminate()
        assert served.end() == (0, "Stopping …")
    finally:
        assert served.left_behind() == []


def test_serve_stops_all_and_names_the_child_that_ended(prepared):
    served = Served(prepared)
    try:
        worker = next(one for one in served.family if "worker" in one.cmdline() and one.ppid() == served.process.pid)
        worker.kill()
        status, words = served.end()
        assert status != 0
        assert words.startswith("CommandError: worker ended by itself (status -9); everything is stopped.")
    finally:
        assert served.left_behind() == []


def test_nothing_stays_when_serve_itself_is_killed(prepared):
    served = Served(prepared)
    try:
        served.process.kill()
        served.process.wait()
    finally:
        assert served.left_behind(seconds=15) == []


def refused(folder: Path, **environment: str) -> str:
    """What `serve` says when it does not even start."""
    outside = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder), "SECOND_FACTOR_REQUIRED": "0"} | environment
    done = subprocess.run([sys.executable, ROOT / "manage.py", "serve"], env=outside, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    return done.stderr.strip()


def test_serve_says_that_a_port_is_taken(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert refused(tmp_path, PORT=str(port)) == (
            f"CommandError: Port {port} on 127.0.0.1 cannot be used (Address already in use); choose another: make demo PORT=8001"
        )


@pytest.mark.parametrize("port", ["99999", "abc", "0"])
def test_the_demo_names_a_port_that_is_none_before_it_builds(tmp_path, port):
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PORT": port}
    done = subprocess.run([sys.executable, ROOT / "scripts" / "demo.py"], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Saima: PORT must be a number from 1 to 65535, not {port}.\n"


def test_serve_lets_nobody_in_with_the_printed_passwords(tmp_path):
    assert refused(tmp_path, HOST="0.0.0.0") == (
        "CommandError: HOST=0.0.0.0 lets others in: set DEMO_PASSWORD to a password of your own first."
    )
