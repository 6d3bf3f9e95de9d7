"""Sending a body to an address that people chose, and to nowhere that they must not reach with our hands.

The name is looked up once, each address behind it judged, and the connection made to the very address that was judged; redirects
are not followed, the answer's body is not read. Only what WEBHOOK_HOSTS lists is told: hosts, networks, or `public` for every host
outside; addresses of one's own network only by name or network.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from ledger.domain.reason import Reason, Refused

SECONDS = 10
EVERY_PUBLIC = "public"


def target(address: str) -> tuple[str, str, int, str]:
    """(scheme, host, port, path with query) of an address that may be told; Refused where its form already forbids it."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused(Reason("competition.webhook_address"), field="address") from None
    plain = address.isascii() and address.isprintable() and " " not in address
    if parts.scheme not in ("https", "http") or not host or not plain or parts.fragment:
        raise Refused(Reason("competition.webhook_address"), field="address")
    if parts.username is not None or parts.password is not None:
        raise Refused(Reason("competition.webhook_with_password"), field="address")
    if parts.scheme == "http" and settings.PRODUCTION:
        raise Refused(Reason("competition.webhook_https"), field="address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path


def reachable(host: str, port: int) -> list[tuple]:
    """What `socket.getaddrinfo` finds for it, all of it allowed; Refused where the name is unknown or one address is not."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(Reason("competition.webhook_unknown_host"), field="address") from None
    if host.lower().rstrip(".") not in settings.WEBHOOK_HOSTS:
        for row in found:
            if reason := _forbidden(ipaddress.ip_address(row[4][0].partition("%")[0])):
                raise Refused(Reason(reason), field="address")
    return found


def _forbidden(address) -> str:
    """Why nothing may be sent there; empty: it may."""
    address = getattr(address, "ipv4_mapped", None) or address
    if any("/" in entry and address in ipaddress.ip_network(entry, strict=False) for entry in settings.WEBHOOK_HOSTS):
        return ""
    if not _is_public(address):
        return "competition.webhook_inside"
    return "" if EVERY_PUBLIC in settings.WEBHOOK_HOSTS else "competition.webhook_not_listed"


def _is_public(address) -> bool:
    hidden = getattr(address, "sixtofour", None) or getattr(address, "teredo", None)  # an IPv4 address in the clothes of IPv6
    return address.is_global and not address.is_multicast and not hidden and address not in NAT64


NAT64 = ipaddress.ip_network("64:ff9b::/96")


class _Plain(http.client.HTTPConnection):
    """Connects to the addresses that were judged, whatever the name says by then."""

    def __init__(self, host, port, found):
        super().__init__(host, port, timeout=SECONDS)
        self.found = found

    def connect(self):
        for index, (family, kind, protocol, _name, where) in enumerate(self.found):
            sock = socket.socket(family, kind, protocol)
            sock.settimeout(SECONDS)
            try:
                sock.connect(where)
            except OSError:
                sock.close()
                if index == len(self.found) - 1:
                    raise
            else:
                self.sock = sock
                return


class _Secure(_Plain):
    def connect(self):
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. Refused where the address may not be told, OSError or HTTPException where nobody answers in time."""
    scheme, host, port, path = target(address)
    connection = (_Secure if scheme == "https" else _Plain)(host, port, reachable(host, port))
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", "User-Agent": "Saima", **headers})
        return connection.getresponse().status
    finally:
        connection.close()
