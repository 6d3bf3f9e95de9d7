"""What a scanner for malware says of a file, and who may be given it then."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.domain.reason import Reason

WAITING, CLEAN, FOUND = "waiting", "clean", "found"
STATES = ("", WAITING, CLEAN, FOUND)  # the empty one: nobody asked, there was no scanner
TOO_LARGE, FAILED, MISSING = "too_large", "failed", "missing"
FAULTS = ("", TOO_LARGE, FAILED, MISSING)  # why it still waits although the scanner answers
LIMITS = "Heuristics.Limits.Exceeded"  # what clamd calls a file of which it read a part only


@dataclass(frozen=True)
class Verdict:
    """`finding`: the name of the signature; `fault`: one of FAULTS."""

    state: str
    finding: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Version:
    """`signatures` is their number and `made` when they were made; None where the scanner has none of its maker's."""

    program: str
    signatures: int | None = None
    made: datetime | None = None


def verdict(answer: str) -> Verdict:
    """Of clamd's answer to INSTREAM."""
    said = answer.strip().removeprefix("stream: ")
    if said == "OK":
        return Verdict(CLEAN)
    if said.endswith(" FOUND"):
        finding = re.sub(r"[^\w.-]", "_", said.removesuffix(" FOUND"), flags=re.ASCII)[:120]
        return Verdict(WAITING, fault=TOO_LARGE) if finding.startswith(LIMITS) else Verdict(FOUND, finding)
    return Verdict(WAITING, fault=TOO_LARGE if "size limit exceeded" in said else FAILED)


def version(answer: str) -> Version:
    """Of clamd's answer to VERSION: `ClamAV 1.4.6/27812/Sat Nov 28 09:30:01 2026`, its clock taken for UTC."""
    program, _slash, rest = answer.strip().partition("/")
    number, _slash, moment = rest.partition("/")
    try:
        made = datetime.strptime(" ".join(moment.split()), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        made = None
    return Version(program[:60], int(number) if number.isdecimal() else None, made)


def against(state: str, *, own: bool) -> Reason | None:
    """Why nobody, or nobody but its own side, is given the content."""
    if state == FOUND:
        return Reason("competition.file_infected")
    if state == WAITING and not own:
        return Reason("competition.file_unscanned")
    return None
