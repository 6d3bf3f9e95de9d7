"""The few kinds of guard that the tables are made of. Each names its facts and its codes, so that they can be printed."""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.domain.reason import Reason


@dataclass(frozen=True)
class Nothing:
    """The fact is a count that has to be 0."""

    fact: str
    code: str

    def __call__(self, facts: Mapping) -> tuple[Reason, ...]:
        count = facts[self.fact]
        return (Reason(self.code, {"count": count}),) if count else ()


@dataclass(frozen=True)
class AtLeast:
    """The fact is a count of at least `least`."""

    fact: str
    least: int
    code: str

    def __call__(self, facts: Mapping) -> tuple[Reason, ...]:
        count = facts[self.fact]
        return (Reason(self.code, {"count": count, "least": self.least}),) if count < self.least else ()


@dataclass(frozen=True)
class Holds:
    """The fact has to be true."""

    fact: str
    code: str

    def __call__(self, facts: Mapping) -> tuple[Reason, ...]:
        return () if facts[self.fact] else (Reason(self.code),)


@dataclass(frozen=True)
class NoReason:
    """The fact is the reasons against it (any iterable of `Reason`), and there has to be none. `code` says which is
    the usual one; the provider may give others."""

    fact: str
    code: str

    def __call__(self, facts: Mapping) -> tuple[Reason, ...]:
        return tuple(facts[self.fact])


@dataclass(frozen=True)
class Every:
    """All rules together: every reason of each, so that nobody repairs one fault only to meet the next."""

    rules: tuple

    def __call__(self, facts: Mapping) -> tuple[Reason, ...]:
        return tuple(reason for rule in self.rules for reason in rule(facts))


def guarded(*rules) -> dict:
    """`guard` and `facts` of a transition, from its rules."""
    return {"guard": rules[0] if len(rules) == 1 else Every(rules), "facts": tuple(dict.fromkeys(rule.fact for rule in rules))}


def codes(guard) -> tuple[str, ...]:
    """The codes that a guard of this module refuses with; empty for none, and for one that passes on what it is given."""
    if isinstance(guard, Every):
        return tuple(rule.code for rule in guard.rules)
    return (guard.code,) if hasattr(guard, "code") else ()
