"""The questions that most rows ask: which roles does this person hold where this thing lives?"""

from accounts.permissions import roles, scopes
from ledger.domain.reason import Reason

STAFF = frozenset({"organiser", "decider", "supervisor"})


def competition_id(subject) -> int:
    """The competition a row belongs to, whatever kind of row (a Competition itself included)."""
    for path in (
        ("competition_id",),
        ("round", "competition_id"),
        ("application", "competition_id"),
        ("entry", "round", "competition_id"),
        ("proposal", "round", "competition_id"),
        ("notice", "proposal", "round", "competition_id"),
        ("standings", "round", "competition_id"),
    ):
        found = subject
        for name in path:
            found = getattr(found, name, None)
            if found is None:
                break
        if found is not None:
            return found
    return subject.pk


def roles_in(user, subject) -> set[str]:
    """Roles held in the subject's competition (or everywhere)."""
    return roles(user, f"competition:{competition_id(subject)}")


def organisations(user) -> set[int]:
    """Ids of the organisations this person applies for."""
    return {int(key) for key in scopes(user, "applicant", "organisation")}


def needs(*wanted: str):
    """A check: one of these roles in the subject's competition."""
    need = frozenset(wanted)

    def check(user, subject):
        if roles_in(user, subject) & need:
            return None
        return Reason("competition.role_needed", {"roles": sorted(need)})

    return check


def staffed(user, rows, path="pk", wanted=STAFF):
    """`rows` narrowed to competitions in which one of the `wanted` roles is held; `path` leads to the competition's id."""
    from accounts.permissions import everywhere

    if any(everywhere(user, role) for role in wanted):
        return rows
    ids = {int(key) for role in wanted for key in scopes(user, role, "competition")}
    return rows.filter(**{f"{path}__in": ids})
