"""In one competition a person is on one side only. How a scope belongs to competitions is known above: a region or an
organisation takes part in several, so upper apps register resolvers."""

from collections.abc import Callable, Iterable

from accounts.domain.roles import EVERYWHERE

Resolver = Callable[[str, str], Iterable[str]]
_resolvers: list[Resolver] = []


def register(resolver: Resolver) -> Resolver:
    """`resolver(role, scope)` → ids (text) of the competitions in which that role in that scope takes part; called for
    scopes other than `competition:ID` and `*`."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)
    return resolver


def competitions(role: str, scope: str) -> set[str] | None:
    """Ids of the competitions that a role in a scope touches; None means every one."""
    if scope == EVERYWHERE:
        return None
    kind, _, key = scope.partition(":")
    if kind == "competition":
        return {key}
    return {str(found) for resolver in _resolvers for found in resolver(role, scope)}


def meet(first: set[str] | None, second: set[str] | None) -> bool:
    """Do two answers of `competitions` share one?"""
    if first is None:
        return second is None or bool(second)
    return bool(first) if second is None else bool(first & second)
