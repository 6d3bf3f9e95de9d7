"""What values of the environment must look like. Each gives what settings need, or fails loudly with the name of the setting."""

from collections.abc import Iterable
from ipaddress import ip_network
from urllib.parse import parse_qsl, urlparse

from django.core.exceptions import ImproperlyConfigured

from ledger.domain import hashing


def port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise ImproperlyConfigured(f"PORT must be a number from 1 to 65535, not {value}.")
    return int(value)


def hash_function(name: str) -> str:
    """One that the ledger knows and this machine's OpenSSL has."""
    try:
        hashing.name_of(name)
    except hashing.UnknownHash as fault:
        raise ImproperlyConfigured(f"LEDGER_HASH: {fault}.") from None
    return name


def bucket(url: str, **keys: str) -> dict:
    """s3://bucket?endpoint=…&region=… as Django's STORAGES has it; `keys` that are empty are left to boto3's own ways."""
    parts = urlparse(url)
    given = dict(parse_qsl(parts.query))
    options = {"bucket_name": parts.netloc, "endpoint_url": given.get("endpoint"), "region_name": given.get("region")}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | {name: key for name, key in keys.items() if key}}


def scanner(address: str) -> str:
    """Where clamd listens: clamd://host:port, or clamd:///path of its socket; empty: no scanner."""
    try:
        parts = urlparse(address)
        number = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"SCANNER: {address} has no port.") from None
    network = parts.hostname and number and parts.path in ("", "/")
    local = not parts.netloc and parts.path.startswith("/") and len(parts.path) > 1
    if address and not (parts.scheme == "clamd" and (network or local) and not parts.query and not parts.fragment):
        raise ImproperlyConfigured(f"SCANNER must be clamd://host:port or clamd:///path/of/its/socket, not {address}.")
    return address


def hosts(names: Iterable[str]) -> list[str]:
    """Names in small letters, and networks."""
    found = [name.strip().lower().rstrip(".") for name in names if name.strip()]
    for name in found:
        if "/" in name:
            try:
                ip_network(name, strict=False)
            except ValueError as error:
                raise ImproperlyConfigured(f"WEBHOOK_HOSTS: {name} is no network.") from error
    return found
