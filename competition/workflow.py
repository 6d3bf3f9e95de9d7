"""The one door for a change of state: lock → permission → facts → legality → write → hooks → record, in one transaction.

Tables come from `competition.domain.states` and, upward, from other apps; facts and effects are registered beside
them in `AppConfig.ready`. What was declared and not registered is an error, never a default."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import checks
from django.db import models, transaction

from accounts import permissions
from competition.domain.lifecycle import Machine
from competition.evidence import split
from ledger import actions as ledger_actions
from ledger.domain.reason import Reason, Refused
from ledger.services import Deed, record, record_many

SYSTEM = "system"


@dataclass
class Act:
    """One action under way, as providers and hooks see it. `subject` is the locked row, read again under the lock;
    in a hook its new state is already written and `before` is the old one. What a hook puts into `also` (plain codes,
    numbers, ids, digests) stands in the record beside the states."""

    kind: str
    action: str
    subject: Any
    actor: Any  # a user, or None for the system
    at: datetime
    before: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    also: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    kind: str
    model: type[models.Model]
    machine: Machine
    scope: Callable[[Any], str]


_kinds: dict[str, Kind] = {}
_kind_of: dict[type[models.Model], Kind] = {}
_providers: dict[tuple[str, str, str], Callable[[Act], object]] = {}
_hooks: dict[tuple[str, str], list[Callable[[Act], None]]] = {}


def register(kind: str, model, machine: Machine, *, scope: Callable[[Any], str], labels: Mapping[str, Any] | None = None) -> None:
    """`scope(subject)` is what its records are listed under ("competition:3"); `labels` maps each action to what its
    record is called ("Application submitted", a lazy text)."""
    if machine.kind != kind:
        raise ValueError(f"the table of {machine.kind} cannot serve {kind}")
    if kind in _kinds or model in _kind_of:
        raise ValueError(f"{kind} is registered twice")
    _kinds[kind] = _kind_of[model] = Kind(kind, model, machine, scope)
    for action in machine.all_actions:
        ledger_actions.register(f"{kind}.{action}", (labels or {}).get(action, f"{kind}.{action}"))


def provide(kind: str, action: str, fact: str):
    """Decorator: `function(act)` is the value of `fact`, computed under the lock."""

    def decorate(function):
        key = (kind, action, fact)
        if key in _providers and _providers[key] is not function:
            raise ValueError(f"two providers for {kind}.{action}: {fact}")
        _providers[key] = function
        return function

    return decorate


def hook(kind: str, action: str):
    """Decorator: `function(act)` runs in the transaction after the write, in the order of registration."""

    def decorate(function):
        hooks = _hooks.setdefault((kind, action), [])
        if function not in hooks:
            hooks.append(function)
        return function

    return decorate


def kinds() -> list[Kind]:
    return list(_kinds.values())


def kind_of(subject) -> Kind:
    model = subject._meta.concrete_model
    if model not in _kind_of:
        raise LookupError(f"{model.__name__} has no table of states")
    return _kind_of[model]


def actions(subject) -> tuple[str, ...]:
    """What the table allows in the subject's state, guards and permissions aside."""
    return kind_of(subject).machine.actions(subject.state)


def refusals(subject, action: str, *, actor, at: datetime) -> tuple[Reason, ...]:
    """Why `perform` would say no now: what a page shows under a button that does not work. Reads without the lock, so
    it is a forecast; permission is not asked."""
    kind = kind_of(subject)
    act = Act(kind.kind, action, subject, _person(actor), at, subject.state)
    try:
        kind.machine.step(subject.state, action, _facts(kind, act))
    except Refused as refusal:
        return refusal.reasons
    return ()


@transaction.atomic
def perform(subject, action: str, *, actor, at: datetime, changes=None, private=None, note=None):
    """Do `action` and return the row as it is now (the object passed in is left as it was).

    `actor` is a user, or None or "system" for the system, which needs no permission. `changes` are other fields of the
    same row, written together with the state. `private` maps keys to personal or free text and `note` is the written
    reason: of both only a salted digest stands in the record; so it is with every text field in `changes` that is not
    a code. Raises `Refused` (`NotAllowed` for want of a right)."""
    kind = kind_of(subject)
    changes, private = dict(changes or {}), dict(private or {})
    if "state" in changes:
        raise ValueError("the state is the table's to write")
    person = _person(actor)
    # no_key: whoever inserts a row that points here need not wait, so no circle of waiting comes of it.
    row = kind.model._base_manager.select_for_update(no_key=True).filter(pk=subject.pk).first()
    if row is None:
        raise Refused(Reason("competition.subject_gone", {"kind": kind.kind}))
    if person is not None:
        permissions.require(person, f"{kind.kind}.{action}", row)
    act = Act(kind.kind, action, row, person, at, row.state, changes, note or "")
    target = kind.machine.step(row.state, action, _facts(kind, act))

    open_before, closed_before = split(row, changes)
    row.state = target
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *changes])
    open_after, closed_after = split(row, changes)
    for function in _hooks.get((kind.kind, action), ()):
        function(act)

    record(
        actor=SYSTEM if person is None else f"user:{person.pk}",
        action=f"{kind.kind}.{action}",
        subject=f"{kind.kind}:{row.pk}",
        scope=kind.scope(row),
        before={"state": act.before, **open_before},
        after={"state": target, **open_after, **act.also},
        private={
            **{f"before.{name}": text for name, text in closed_before.items()},
            **closed_after,
            **({"note": note} if note else {}),
            **private,
        }
        or None,
        at=at,
    )
    return row


@transaction.atomic
def perform_all(rows: models.QuerySet, action: str, *, actor, at: datetime, changes=None) -> int:
    """`action` for every row of a queryset at once: four queries per state and 500 rows, a record for each row. Only for transitions
    without facts and hooks, and for the system (a person acts on one thing at a time). Returns how many changed; rows
    whose state does not allow it refuse the whole."""
    if _person(actor) is not None:
        raise ValueError("sets are changed by the system, in the course of a person's act")
    kind, changes = _kind_of[rows.model], dict(changes or {})
    if _hooks.get((kind.kind, action)):
        raise ValueError(f"{kind.kind}.{action} has hooks: perform it row by row")
    locked = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    by_state: dict[str, list] = {}
    for row in locked:
        by_state.setdefault(row.state, []).append(row)
    deeds = []
    for state, group in sorted(by_state.items()):
        target = kind.machine.step(state, action, {})
        for start in range(0, len(group), 500):
            part = group[start : start + 500]
            kind.model._base_manager.filter(pk__in=[row.pk for row in part]).update(state=target, **changes)
        deeds += [
            Deed(
                actor=SYSTEM,
                action=f"{kind.kind}.{action}",
                subject=f"{kind.kind}:{row.pk}",
                scope=kind.scope(row),
                before={"state": state},
                after={"state": target},
            )
            for row in group
        ]
    record_many(deeds, at=at)
    return len(locked)


def _person(actor):
    return None if actor is None or actor == SYSTEM else actor


def _facts(kind: Kind, act: Act) -> dict[str, object]:
    facts = {}
    for name in kind.machine.facts(act.before, act.action):
        provider = _providers.get((kind.kind, act.action, name))
        if provider is None:
            raise LookupError(f"no provider for {kind.kind}.{act.action}: {name}")
        facts[name] = provider(act)
    return facts


def check(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    """System check: each declared fact has a provider; each provider and hook serves a row that exists."""
    faults = []
    declared = {(kind.kind, row.action, fact) for kind in kinds() for row in kind.machine.transitions for fact in row.facts}
    for key in sorted(declared - set(_providers)):
        faults.append(checks.Error("No provider for {}.{}: {}".format(*key), id="competition.E001"))
    for key in sorted(set(_providers) - declared):
        faults.append(checks.Error("A provider for a fact that no table declares: {}.{}: {}".format(*key), id="competition.E002"))
    known = {(kind.kind, action) for kind in kinds() for action in kind.machine.all_actions}
    for key in sorted(set(_hooks) - known):
        faults.append(checks.Error("A hook for an action that no table has: {}.{}".format(*key), id="competition.E003"))
    return faults
