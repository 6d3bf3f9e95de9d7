"""Where each role begins. Upper apps register the home of a role; `home` sends people there."""

from accounts.domain.roles import ROLES

_homes: dict[str, str] = {}


def register(role: str, url_name: str) -> None:
    """`url_name` takes no arguments."""
    if role not in ROLES:
        raise ValueError(f"no such role: {role}")
    _homes[role] = url_name


def home_of(roles) -> str | None:
    """URL name for the first of these roles that has a home, in the order of `ROLES`."""
    return next((_homes[role] for role in ROLES if role in roles and role in _homes), None)
