"""Secrets of an installation in one folder that `keys` alone sees: made, kept, handed to the parts that need them, renewed, destroyed.
Nobody invents, copies or types one that can be made here, and no command shows a value.

vault.py list            name, since when, whose; what is due
vault.py make NAME       a new random one, where there is none
vault.py put NAME        takes one that others made (of the mail server, of the storage): asks for it, or reads standard input
vault.py renew NAME      a new random one; of secret_key the old one holds on among secret_key_fallbacks
vault.py destroy NAME    overwrites and deletes it, and what was handed out of it

VAULT (/secrets) has one file for each. What a vault of the office writes there, by its agent, is taken within a minute.
"""

import argparse
import getpass
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 4096  # bytes
SHORTEST_KEY = 50


@dataclass(frozen=True)
class Secret:
    parts: tuple[str, ...]
    days: int  # after which it is to be renewed
    ours: bool = False  # random, made here
    needed: bool = False  # nothing starts without it


OF_DATA = ("prepare", "web", "worker")
SECRETS = {
    "secret_key": Secret(OF_DATA, 730, ours=True, needed=True),
    "secret_key_fallbacks": Secret(OF_DATA, 14),
    "email_url": Secret(("worker",), 365, needed=True),
    "metrics_token": Secret(("web",), 365, ours=True),
    "aws_access_key_id": Secret(OF_DATA, 365),
    "aws_secret_access_key": Secret(OF_DATA, 365),
}


class Refused(Exception):
    """With a sentence for the operator."""


class Vault:
    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)

    def value(self, name: str) -> str:
        """Empty: there is none. An agent's file may end in a line break."""
        try:
            return (self.folder / name).read_text().strip()
        except FileNotFoundError:
            return ""

    def age(self, name: str, *, at: datetime) -> int | None:
        """Days since it was put there."""
        if not self.value(name):
            return None
        return (at - datetime.fromtimestamp((self.folder / name).stat().st_mtime, UTC)).days

    def missing(self) -> list[str]:
        return [name for name, secret in SECRETS.items() if secret.needed and not self.value(name)]

    # ---------------------------------------------------------------- verbs
    def make(self, name: str) -> None:
        self._ours(name)
        if self.value(name):
            raise Refused(f"{name} is there already: renew it.")
        self._keep(name, secrets.token_hex(32), "made")

    def put(self, name: str, value: str) -> None:
        value = value.strip()
        if not value or "\n" in value or "\0" in value or len(value.encode()) > LONGEST:
            raise Refused(f"{name} must be one line of at most {LONGEST} bytes.")
        if name == "secret_key" and len(value) < SHORTEST_KEY:
            raise Refused(f"{name} must have at least {SHORTEST_KEY} characters.")
        self._keep(name, value, "put in")

    def renew(self, name: str) -> None:
        self._ours(name)
        old = self.value(name)
        if name == "secret_key" and old:
            before = [key for key in self.value("secret_key_fallbacks").split(",") if key]
            self._keep("secret_key_fallbacks", ",".join([old, *before]), "put in")
        self._keep(name, secrets.token_hex(32), "renewed")

    def destroy(self, name: str) -> None:
        if name == "secret_key":
            raise Refused("Without secret_key nothing starts: renew it, then destroy secret_key_fallbacks.")
        path = self.folder / name
        if not path.exists():
            raise Refused(f"There is no {name}.")
        path.chmod(0o600)
        with path.open("r+b") as file:  # not on every disk does this reach the old bytes; it costs nothing
            file.write(secrets.token_bytes(max(1, path.stat().st_size)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        self._note(name, "destroyed")

    def take(self, environment: Mapping[str, str]) -> list[str]:
        """Secrets that an installation of before has in its .env, where there are none here yet; names those that still stand there."""
        standing = [name for name in SECRETS if environment.get(name.upper())]
        for name in standing:
            if not self.value(name):
                self.put(name, environment[name.upper()])
        return standing

    def hand_out(self, keys) -> None:
        """Each part has what it needs in its own folder of `keys` (scripts.keys.Keys), and no more."""
        for name, secret in SECRETS.items():
            value = self.value(name)
            for part in secret.parts:
                path = keys.folder / part / name
                if not value:
                    path.unlink(missing_ok=True)
                elif not path.exists() or path.read_text() != value:
                    keys.write(part, name, value.encode())

    def to_hand_out(self, keys) -> list[str]:
        """Names of what a part should have in its folder and has not yet."""
        found = {name: [keys.folder / part / name for part in secret.parts] for name, secret in SECRETS.items() if self.value(name)}
        return [name for name, paths in found.items() if any(not path.exists() or path.read_text() != self.value(name) for path in paths)]

    # ---------------------------------------------------------------- files
    def _ours(self, name: str) -> None:
        if not SECRETS[name].ours:
            raise Refused(f"{name} is made by others: change it there, then put it in.")

    def _keep(self, name: str, value: str, verb: str) -> None:
        draft = self.folder / f".{name}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as out:
            out.write(value)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self.folder / name)
        self._note(name, verb)

    def _note(self, name: str, verb: str) -> None:
        with open(os.open(self.folder / "history", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as out:
            out.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {name} {verb}\n")


def table(vault: Vault, *, at: datetime) -> str:
    lines = []
    for name, secret in SECRETS.items():
        age = vault.age(name, at=at)
        state = ("MISSING" if secret.needed else "none") if age is None else f"{age} days"
        due = " DUE" if age is not None and age > secret.days else ""
        lines.append(f"{name:<22} {state:<10} {', '.join(secret.parts)}{due}")
    return "\n".join(lines)


def given() -> str:
    return getpass.getpass("Value (is not shown): ") if sys.stdin.isatty() else sys.stdin.read(LONGEST + 2)


def main(arguments: list[str]) -> str | None:
    from scripts.keys import Keys

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("list", "make", "put", "renew", "destroy"))
    parser.add_argument("name", nargs="?", choices=SECRETS)
    asked = parser.parse_args(arguments)
    if (asked.name is None) != (asked.verb == "list"):
        parser.error("which one?" if asked.name is None else "list takes no name")
    vault = Vault(Path(os.environ.get("VAULT", "/secrets")))
    if asked.verb == "list":
        print(table(vault, at=datetime.now(UTC)))
        return None
    try:
        if asked.verb == "put":
            vault.put(asked.name, given())
        else:
            getattr(vault, asked.verb)(asked.name)
    except Refused as refused:
        return str(refused)
    keys = Keys(Path(os.environ.get("KEYS", "/keys")))
    keys.make(at=datetime.now(UTC))
    vault.hand_out(keys)
    print(f"{asked.name}: done. It is read at the next start: docker compose run --rm prepare && docker compose restart web worker")
    return None


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
