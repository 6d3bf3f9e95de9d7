"""What a state machine is: a table of transitions, checked when it is made, asked by the workflow.

A table is data. It knows no rows and no people: legality depends on the state, the action and the declared facts
only; who may act is the permission's business, where facts come from is the workflow's."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ledger.domain.reason import Reason, Refused

Guard = Callable[[Mapping[str, object]], Iterable[Reason]]


class BadTable(ValueError):
    """The table itself is wrong; raised when it is made, so at import."""


class MissingFact(LookupError):
    """A fact that the transition declares was not given. Never read as a default."""


@dataclass(frozen=True)
class Transition:
    """One row: `action` leads from any of `sources` to `target`. `guard` reads the declared `facts` only and returns
    every reason against it (nothing: it may go on)."""

    action: str
    sources: frozenset[str]
    target: str
    guard: Guard | None = None
    facts: tuple[str, ...] = ()

    def __post_init__(self):
        if isinstance(self.sources, str):
            raise BadTable(f"{self.action}: sources are a set of states, not the text {self.sources!r}")
        object.__setattr__(self, "sources", frozenset(self.sources))
        object.__setattr__(self, "facts", tuple(self.facts))
        if not self.sources:
            raise BadTable(f"{self.action}: no source state")
        if self.guard is not None and not self.facts:
            raise BadTable(f"{self.action}: a guard without facts has nothing to judge by")


@dataclass(frozen=True)
class Machine:
    kind: str
    initial: str
    transitions: tuple[Transition, ...]
    states: tuple[str, ...] = field(init=False)  # the initial one first, then in the order of the table

    def __post_init__(self):
        object.__setattr__(self, "transitions", tuple(self.transitions))
        object.__setattr__(self, "states", tuple(dict.fromkeys([self.initial, *(row.target for row in self.transitions)])))
        self._check_sources()
        self._check_reachable()

    def _check_sources(self):
        seen: set[tuple[str, str]] = set()
        for row in self.transitions:
            for source in sorted(row.sources):
                if source not in self.states:
                    raise BadTable(f"{self.kind}.{row.action}: unknown state {source!r}")
                if (row.action, source) in seen:
                    raise BadTable(f"{self.kind}.{row.action}: two rows for the state {source!r}")
                seen.add((row.action, source))

    def _check_reachable(self):
        reached, queue = {self.initial}, deque([self.initial])
        while queue:
            state = queue.popleft()
            for row in self.transitions:
                if state in row.sources and row.target not in reached:
                    reached.add(row.target)
                    queue.append(row.target)
        if lost := [state for state in self.states if state not in reached]:
            raise BadTable(f"{self.kind}: unreachable from {self.initial!r}: {', '.join(lost)}")

    @property
    def all_actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.action for row in self.transitions))

    @property
    def final(self) -> tuple[str, ...]:
        """States that no action leaves."""
        return tuple(state for state in self.states if not any(state in row.sources for row in self.transitions))

    def actions(self, state: str) -> tuple[str, ...]:
        """What the table allows in `state`, guards and permissions aside."""
        return tuple(row.action for row in self.transitions if state in row.sources)

    def row(self, state: str, action: str) -> Transition:
        """The row for `action` in `state`; `Refused` where the table has none."""
        if action not in self.all_actions:
            raise LookupError(f"{self.kind} has no action {action!r}")
        for row in self.transitions:
            if row.action == action and state in row.sources:
                return row
        raise Refused(Reason("competition.action_not_now", {"kind": self.kind, "action": action, "state": state}))

    def facts(self, state: str, action: str) -> tuple[str, ...]:
        return self.row(state, action).facts

    def step(self, state: str, action: str, facts: Mapping[str, object]) -> str:
        """The state after `action`, or `Refused` with every reason against it. `MissingFact` where a declared fact was
        not given."""
        row = self.row(state, action)
        if absent := [name for name in row.facts if name not in facts]:
            raise MissingFact(f"{self.kind}.{action}: no fact {', '.join(absent)}")
        if row.guard is not None and (reasons := tuple(row.guard({name: facts[name] for name in row.facts}))):
            raise Refused(*reasons)
        return row.target
