"""People from a pasted list."""

import re
from dataclasses import dataclass

from ledger.domain.reason import Reason

_LATIN = re.compile(r"[A-Za-zÀ-ɏ .'’\-]+")
_SEPARATOR = re.compile(r"[,，;；\t]")


@dataclass(frozen=True)
class Person:
    line: int
    email: str
    name_zh: str
    name_en: str


def read_people(text: str, *, most: int) -> tuple[list[Person], list[Reason]]:
    """Each line `e-mail, name[, name in English]`; commas, semicolons (also full-width) or tabs part them, empty lines count
    but say nothing. A single name in Latin letters is the English one. Lines at fault come back as reasons."""
    people: list[Person] = []
    faults: list[Reason] = []
    first_line: dict[str, int] = {}
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        return [], [Reason("accounts.list_empty")]
    if len(lines) > most:
        return [], [Reason("accounts.list_long", {"count": len(lines), "most": most})]
    for number, line in lines:
        parts = [part.strip() for part in _SEPARATOR.split(line)]
        if len(parts) not in (2, 3) or not parts[0] or not parts[1] or max(map(len, parts[1:])) > 80:
            faults.append(Reason("accounts.line_unreadable", {"line": number, "text": line[:80]}))
            continue
        email, name, english = parts[0], parts[1], parts[2] if len(parts) == 3 else ""
        if not english and _LATIN.fullmatch(name):
            name, english = "", name
        if email.lower() in first_line:
            faults.append(Reason("accounts.line_twice", {"line": number, "email": email, "first": first_line[email.lower()]}))
            continue
        first_line[email.lower()] = number
        people.append(Person(number, email, name, english))
    return people, faults
