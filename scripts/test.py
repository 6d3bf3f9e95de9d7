"""make test: every check and every test, in the combinations that docs/operations.md promises; says at its end which failed.

`test.py lint` runs the checks only. Nothing of it touches var/ or a server that is running.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.rehearsal.servers import ServerMissing, postgresql_server  # noqa: E402

WORKERS = "2"


def checks() -> dict[str, list[str]]:
    python = [sys.executable, "-m"]
    manage = [sys.executable, "manage.py"]
    return {
        "ruff": [*python, "ruff", "check", "."],
        "format": [*python, "ruff", "format", "--check", "."],
        "imports": [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        "system checks": [*manage, "check", "--fail-level", "WARNING"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
    }


def suites(postgresql: str) -> dict[str, tuple[list[str], dict[str, str]]]:
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "loadfile"]
    # In the order of tests/conftest.py, which begins with what takes longest: no worker ends with it alone.
    pytest += ["--no-loadscope-reorder", "--durations", "30", "-p", "no:cacheprovider"]
    on_postgresql = {"TEST_DATABASE_URL": postgresql}
    return {
        "PostgreSQL, Chinese": (pytest, on_postgresql | {"TEST_LANGUAGE": "zh-hans"}),
        "browser, PostgreSQL, English": ([*pytest, "-m", "browser"], on_postgresql | {"TEST_LANGUAGE": "en"}),
        "SQLite, English": ([*pytest, "-m", "not browser and not once"], {"TEST_LANGUAGE": "en"}),
    }


def run(name: str, command: list[str], environment: dict[str, str]) -> bool:
    print(f"\n=== {name}", flush=True)
    start = time.monotonic()
    passed = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode == 0
    print(f"=== {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
    return passed


def main(arguments: list[str]) -> None:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("TEST_", "DJANGO_"))}
    failed = []
    with tempfile.TemporaryDirectory(prefix="saima-check-") as folder:
        outside = {"PRODUCTION", "DATABASE_URL", "BROKER_URL", "CACHE_URL"}
        quiet = {key: value for key, value in inherited.items() if key not in outside} | {"VAR_DIR": folder}
        failed += [name for name, command in checks().items() if not run(name, command, quiet)]
    if arguments != ["lint"]:
        try:
            with postgresql_server() as url:
                for name, (command, environment) in suites(url).items():
                    if not run(name, command, inherited | environment):
                        failed.append(name)
        except (ServerMissing, RuntimeError) as error:
            sys.exit(f"Saima: {error}")
    if failed:
        sys.exit(f"\nFAILED: {'; '.join(failed)}")
    print("\nEverything passed.")


if __name__ == "__main__":
    main(sys.argv[1:])
