"""Brings what this machine lacks: system packages, .venv from the hash-pinned lock file, compiled translations.

Runs before anything is installed, so it knows the standard library only. Where all is there it takes an instant and no network.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "saima-lock.json"
FONT_FOLDERS = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]

LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
FONTS = {"fonts-noto-cjk": "NotoSansCJK*", "fonts-wqy-microhei": "wqy-microhei*"}
PROGRAMS = {"redis-server": "redis-server", "gettext": "msgfmt"}
DEV_PROGRAMS = {"poppler-utils": "pdftotext", "caddy": "caddy", "clamav-daemon": "clamd"}
DEV_FILES = {"postgresql": (Path("/usr/lib/postgresql"), "*/bin/postgres")}  # that of the wheel speaks no TLS
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"  # also where not everybody looks
# For tests, the quickest first: any will do.
BROWSERS = ["chromium-headless-shell", "chromium"]
OPTIONAL = {"redis-server": "the demo then works with one background worker and the database as cache; `make test` needs it"}


def stop(sentence: str) -> None:
    sys.exit(f"Saima: {sentence}")


def say(sentence: str) -> None:
    print(f"Saima: {sentence}", flush=True)


# ---------------------------------------------------------------- system packages
def has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_font(pattern: str) -> bool:
    return any(next(folder.rglob(pattern), None) for folder in FONT_FOLDERS if folder.is_dir())


def missing_packages(*, dev: bool) -> list[str]:
    missing = [package for package, library in LIBRARIES.items() if not has_library(library)]
    missing += [package for package, pattern in FONTS.items() if not has_font(pattern)]
    programs = PROGRAMS | (DEV_PROGRAMS if dev else {})
    missing += [package for package, program in programs.items() if shutil.which(program, path=PATH) is None]
    if dev:
        missing += [package for package, (folder, pattern) in DEV_FILES.items() if not any(folder.glob(pattern))]
    if dev and not any(map(shutil.which, BROWSERS)):
        missing.append(BROWSERS[-1])
    if not usable(VENV / "bin" / "python"):
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError:
            missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return missing


def superuser() -> list[str] | None:
    """What to put before a command so that it runs as root; None where that cannot be had without a question."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def install_packages(*, dev: bool) -> None:
    missing = missing_packages(dev=dev)
    quicker = BROWSERS[0] if dev and shutil.which(BROWSERS[0]) is None else None
    if not missing and not quicker:
        return
    before = superuser()
    if before is not None and shutil.which("apt-get"):
        say(f"installing system packages: {' '.join([*missing, *filter(None, [quicker])])}")
        apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-qq", "-o", "DPkg::Lock::Timeout=120"]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        subprocess.run([*apt, "update"], **quiet)
        if quicker:  # not every distribution has it; the other browser then does
            subprocess.run([*apt, "--no-install-recommends", "install", quicker], stderr=subprocess.DEVNULL, **quiet)
        missing = missing_packages(dev=dev)
        if missing:
            subprocess.run([*apt, "--no-install-recommends", "install", *missing], **quiet)
        missing = missing_packages(dev=dev)
    needed = [package for package in missing if dev or package not in OPTIONAL]
    if needed:
        stop(f"these system packages are missing; install them and start again: sudo apt-get install {' '.join(needed)}")
    for package in missing:
        say(f"{package} is missing: {OPTIONAL[package]}.")


# ---------------------------------------------------------------- Python packages
def usable(python: Path) -> bool:
    with contextlib.suppress(OSError):
        return subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], capture_output=True).returncode == 0
    return False


def digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def stamped() -> dict[str, str]:
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


LACKING = """
import importlib.metadata, re, sys
from pip._vendor.packaging.requirements import Requirement
lines = re.sub(r"\\\\\\n.*", "", open(sys.argv[1]).read()).splitlines()
for line in lines:
    if "==" not in line or line.lstrip().startswith(("#", "--hash")):
        continue
    wanted = Requirement(line)
    if wanted.marker is None or wanted.marker.evaluate():
        try:
            found = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            found = None
        if found is None or found not in wanted.specifier:
            print(wanted.name)
"""


def lacking(lock: str) -> list[str]:
    """Names of the packages of a lock file that .venv lacks or has in another version."""
    asked = subprocess.run([VENV / "bin" / "python", "-c", LACKING, ROOT / lock], capture_output=True, text=True)
    return asked.stdout.split() if asked.returncode == 0 else ["pip"]


def install_environment(*, dev: bool) -> None:
    lock = "requirements-dev.txt" if dev else "requirements.txt"
    whole = usable(VENV / "bin" / "python")
    if whole and stamped().get(lock) == digest(lock):
        return
    if VENV.is_symlink():  # somebody's own environment: looked at, never changed
        absent = lacking(lock) if whole else ["python"]
        if absent:
            stop(f".venv is a link to {os.readlink(VENV)}, which lacks {' '.join(absent[:8])}; remove the link and start again.")
        return
    if not whole:
        say("making .venv")
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
        if made.returncode:
            stop(f".venv could not be made: {(made.stderr or made.stdout).strip().splitlines()[-1]}")
    say(f"installing {lock} into .venv (about a minute, only the first time)")
    pip = [VENV / "bin" / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if os.geteuid() == 0:
        pip.append("--root-user-action=ignore")
    if subprocess.run([*pip, "--require-hashes", "-r", ROOT / lock], stdin=subprocess.DEVNULL).returncode:
        stop(f"the packages of {lock} could not be installed (pip says why above); with a network, start again.")
    stamps = {"requirements.txt": digest("requirements.txt")} | ({lock: digest(lock)} if dev else {})
    STAMP.write_text(json.dumps(stamps))


# ---------------------------------------------------------------- translations
def compile_messages() -> None:
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        made = subprocess.run(["msgfmt", "--check-format", "-o", draft, source], capture_output=True, text=True)
        if made.returncode:
            draft.unlink(missing_ok=True)
            stop(f"{source.relative_to(ROOT)} could not be compiled: {made.stderr.strip().splitlines()[0]}")
        draft.replace(target)


def interrupt(*_) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> None:
    dev = arguments == ["dev"]
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT may have come ignored (started in the background)
        signal.signal(sig, interrupt)
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    try:
        (ROOT / "var").mkdir(exist_ok=True)
        lock = (ROOT / "var" / "setup.lock").open("w")
    except OSError as error:
        stop(f"this folder cannot be written ({error.strerror}: {error.filename}).")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once take turns
        try:
            install_packages(dev=dev)
            install_environment(dev=dev)
            compile_messages()
        except OSError as error:
            stop(f"{error.filename or 'this folder'} cannot be written ({error.strerror}).")
        except KeyboardInterrupt:
            stop("interrupted while it was set up; start again.")


if __name__ == "__main__":
    main(sys.argv[1:])
