"""What the parts of an installation know each other by: certificates of an authority of their own and passwords in Redis; and what each of
them is handed of the secrets in scripts/vault.py.

keys.py keep                     makes what is missing, renews what ends soon, looks again every minute (service `keys`)
keys.py renew [PART …]           renews now, all or these; `--authority` makes a new authority first, which alone holds then
keys.py list                     part, what it holds, days left: never a key
keys.py check                    exit status 1 where something is missing or was not renewed in time

KEYS (/keys) has a folder for each part, which sees no other: own.pem (certificate and key, one file, so that both change at once),
authority.pem and, for those who use Redis, redis-password. Its folder `authority` holds the authority's key. Nothing of it is ever printed.
"""

import argparse
import contextlib
import fcntl
import hashlib
import ipaddress
import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts import vault

OF_PART = timedelta(days=90)
OF_AUTHORITY = timedelta(days=3650)
LATE = timedelta(days=20)  # renewed with 30 left: what has fewer than this was forgotten
EVERY_SECONDS = 60
SAIMA, POSTGRES, REDIS, ROOT = 10001, 999, 999, 0  # users in the images; each reads its own folder only


@dataclass(frozen=True)
class Part:
    user: int
    serves: bool = False  # under its own name
    asks: bool = True
    redis: str = ""  # what its account in Redis may do


DATA = "~* &* +@all -@admin"
PARTS = {
    "prepare": Part(SAIMA),
    "web": Part(SAIMA, serves=True, redis=DATA),
    "worker": Part(SAIMA, redis=DATA),
    "scheduler": Part(SAIMA, redis=DATA),
    "postgres": Part(POSTGRES, serves=True, asks=False),
    "redis": Part(REDIS, serves=True, redis="-@all +ping +config|set +acl|load"),  # takes its renewed certificate by itself
    "logs": Part(SAIMA, serves=True, asks=False),
    "caddy": Part(ROOT),
}


class Keys:
    """The folder with all of them. `users`: part → number of the user who reads its folder, where they are not those of the images."""

    def __init__(self, folder: Path, users: dict[str, int] | None = None):
        self.folder, self.users = folder, users or {}
        self.home = folder / "authority"

    # ---------------------------------------------------------------- verbs
    def make(self, *, at: datetime, anew: tuple[str, ...] = (), authority: bool = False) -> list[str]:
        """Makes what is missing, wrong, `anew` or within the last third of its time; gives the names of what it made."""
        with self._alone():
            known = None if authority else self._authority(at)
            made = [] if known else ["authority"]
            certificate, key = known or self._new_authority(at)
            for name, part in PARTS.items():
                own = self.certificate(name)
                if name in anew or own is None or not _good(own, certificate, at) or not self._whole(name):
                    self._new_part(name, part, certificate, key, at)
                    made.append(name)
            return made

    def left(self, *, at: datetime) -> dict[str, timedelta | None]:
        """Part → how long its certificate still holds; None: it has none."""
        found = {"authority": self._read(self.home / "own.pem")} | {name: self.certificate(name) for name in PARTS}
        return {name: own and own.not_valid_after_utc - at for name, own in found.items()}

    def certificate(self, name: str) -> x509.Certificate | None:
        return self._read(self.folder / name / "own.pem")

    # ---------------------------------------------------------------- making
    def _new_authority(self, at: datetime):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Saima, inner authority of {at:%Y-%m-%d}")])
        usage = _usage(key_cert_sign=True, crl_sign=True)
        made = _begun(name, name, key, at, OF_AUTHORITY).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        certificate = made.add_extension(usage, critical=True).sign(key, hashes.SHA256())
        self.write("authority", "own.pem", _pem(certificate, key))
        return certificate, key

    def _new_part(self, name: str, part: Part, authority: x509.Certificate, key, at: datetime) -> None:
        own = ec.generate_private_key(ec.SECP256R1())
        uses = [ExtendedKeyUsageOID.SERVER_AUTH] * part.serves + [ExtendedKeyUsageOID.CLIENT_AUTH] * part.asks
        made = _begun(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), authority.subject, own, at, OF_PART)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        made = made.add_extension(_usage(digital_signature=True), critical=True).add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
        made = made.add_extension(above, critical=False)
        if part.serves:
            here = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]  # its own health check
            made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name), *here]), critical=False)
        if part.redis:
            self._new_password(name)
        self.write(name, "authority.pem", authority.public_bytes(serialization.Encoding.PEM))
        self.write(name, "own.pem", _pem(made.sign(key, hashes.SHA256()), own))

    def _new_password(self, name: str) -> None:
        """The one that Redis has known since the last time becomes that of the part, and Redis is told of the next one: neither waits
        for the other. The one before holds until then."""
        path = self.home / "passwords.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        _before, now, following = known.get(name) or ["", "", ""]
        known[name] = [now, following or secrets.token_hex(32), secrets.token_hex(32)]
        self.write("authority", path.name, json.dumps(known).encode())
        lines = ["user default off resetpass resetkeys -@all"]
        for user, passwords in known.items():
            digests = " ".join(f"#{hashlib.sha256(word.encode()).hexdigest()}" for word in passwords if word)
            lines.append(f"user {user} on {digests} {PARTS[user].redis}")
        self.write("redis", "users.acl", ("\n".join(lines) + "\n").encode())
        self.write(name, "redis-password", known[name][1].encode())

    # ---------------------------------------------------------------- files
    def _authority(self, at: datetime):
        certificate = self._read(self.home / "own.pem")
        if certificate is None or _ends_soon(certificate, at):
            return None
        return certificate, serialization.load_pem_private_key((self.home / "own.pem").read_bytes(), None)

    @staticmethod
    def _read(path: Path) -> x509.Certificate | None:
        try:
            return x509.load_pem_x509_certificate(path.read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def _whole(self, name: str) -> bool:
        names = ["authority.pem"] + ["redis-password"] * bool(PARTS[name].redis) + ["users.acl"] * (name == "redis")
        remembered = not PARTS[name].redis or (self.home / "passwords.json").exists()
        return remembered and all((self.folder / name / file).exists() for file in names)

    def write(self, part: str, file: str, content: bytes) -> None:
        """Whole or not at all, for the eyes of its user only."""
        folder, user = self.folder / part, self.users.get(part, PARTS[part].user if part in PARTS else ROOT)
        folder.mkdir(exist_ok=True)
        if os.geteuid() == 0 and os.stat(folder).st_uid != user:
            folder.chmod(0o700)
            os.chown(folder, user, -1)
        elif os.stat(folder).st_uid == os.geteuid():
            folder.chmod(0o700)
        draft = folder / f".{file}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as out:
            out.write(content)
            if os.geteuid() == 0:
                os.fchown(out.fileno(), user, -1)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(folder / file)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self.home.mkdir(mode=0o700, exist_ok=True)
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _usage(**given: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    names += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**dict.fromkeys(names, False) | given)


def _begun(subject: x509.Name, issuer: x509.Name, key, at: datetime, lasts: timedelta) -> x509.CertificateBuilder:
    begun = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    begun = begun.serial_number(x509.random_serial_number())
    # An hour of grace: machines' clocks differ.
    begun = begun.not_valid_before(at - timedelta(hours=1)).not_valid_after(at + lasts)
    return begun.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _pem(certificate: x509.Certificate, key) -> bytes:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form)


def _good(own: x509.Certificate, authority: x509.Certificate, at: datetime) -> bool:
    try:
        own.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError):
        return False
    return not _ends_soon(own, at)


def _ends_soon(own: x509.Certificate, at: datetime) -> bool:
    return (own.not_valid_after_utc - at) * 3 < own.not_valid_after_utc - own.not_valid_before_utc


# ---------------------------------------------------------------- commands
def keep(keys: Keys) -> str | None:
    safe, told = vault.Vault(Path(os.environ.get("VAULT", "/secrets"))), set()
    while True:
        said = [f"made: {name}" for name in keys.make(at=datetime.now(UTC))]
        said += [f"{name.upper()} still stands in .env: delete it there" for name in safe.take(os.environ)]
        if "secret_key" in safe.missing():
            safe.make("secret_key")
        said += [f"{name} is missing: docker compose run --rm keys python scripts/vault.py put {name}" for name in safe.missing()]
        safe.hand_out(keys)
        for line in said:
            if line not in told:
                print(line, flush=True)
        told = {line for line in said if not line.startswith("made: ")}
        time.sleep(EVERY_SECONDS)


def shown(keys: Keys) -> str | None:
    for name, left in keys.left(at=datetime.now(UTC)).items():
        print(f"{name:<10} {'nothing' if left is None else f'{left.days} days left'}")
    return None


def checked(keys: Keys) -> str | None:
    late = [name for name, left in keys.left(at=datetime.now(UTC)).items() if left is None or left < LATE]
    safe = vault.Vault(Path(os.environ.get("VAULT", "/secrets")))
    late += safe.missing() + safe.to_hand_out(keys)
    return f"missing or not renewed in time: {', '.join(late)}" if late else None


def main(arguments: list[str]) -> str | None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("keep", "list", "check"):
        verbs.add_parser(verb)
    renew = verbs.add_parser("renew")
    renew.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    renew.add_argument("--authority", action="store_true")
    given = parser.parse_args(arguments)
    keys = Keys(Path(os.environ.get("KEYS", "/keys")))
    if given.verb != "renew":
        return {"keep": keep, "list": shown, "check": checked}[given.verb](keys)
    if unknown := sorted(set(given.parts) - set(PARTS)):
        return f"no part of this name: {', '.join(unknown)}"
    made = keys.make(at=datetime.now(UTC), anew=tuple(given.parts or PARTS), authority=given.authority)
    print(f"made: {', '.join(made)}")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
