"""What a row of the permission matrix is. Rows stand in one table per app: rows_accounts, rows_competition, rows_evaluations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from tests.cast import Cast

PEOPLE = ("anonymous", *Cast.__dataclass_fields__)
World = SimpleNamespace


@dataclass(frozen=True)
class Row:
    """One route with what each person gets there.

    `kwargs` makes the arguments of the URL from the world; `expected` names a status for each of PEOPLE; `owner` says whose
    object it is. `data` posts (a dict, made from the world too where it is callable); None gets.
    """

    route: str
    expected: Mapping[str, int]
    kwargs: Callable[[World], Mapping[str, Any]] = lambda world: {}
    data: Any = None
    owner: str = ""
    fresh: bool = False
    label: str = field(default="", compare=False)

    @property
    def method(self) -> str:
        return "get" if self.data is None else "post"

    @property
    def id(self) -> str:
        return f"{self.method} {self.route}{' ' + self.label if self.label else ''}"


def expect(everybody: int, **people: int) -> dict[str, int]:
    """The status of everybody, and of those who get another. `signed_in=` is everybody but `anonymous`."""
    signed_in = people.pop("signed_in", everybody)
    unknown = set(people) - set(PEOPLE)
    if unknown:
        raise ValueError(f"not in the cast: {sorted(unknown)}")
    return {person: everybody if person == "anonymous" else signed_in for person in PEOPLE} | people


def only(*names: str, status: int = 200, colleagues: int = 403, strangers: int = 404, anonymous: int = 302) -> dict[str, int]:
    """A page for these people: the rest of the cast are colleagues without the right; `operator` and `stranger` are strangers to
    the object unless named; whoever is not signed in goes to the sign-in page."""
    table = expect(colleagues, anonymous=anonymous, stranger=strangers, operator=strangers)
    return table | {name: status for name in names}
