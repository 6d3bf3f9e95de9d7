"""Giving and ending roles."""

from datetime import datetime

from django.db import transaction

from accounts import permissions, scopes, selectors
from accounts.domain.roles import EVERYWHERE, ORGANISER, ROLES
from accounts.models import Membership, User
from ledger.domain.reason import Reason, Refused
from ledger.services import record


def actor_text(actor: User | None) -> str:
    return "system" if actor is None else f"user:{actor.pk}"


def refuse_second_side(user: User, *, role: str, scope: str) -> None:
    """Refused where the person stands on another side of a competition that the scope touches. Upper services call it too when
    something else than a membership puts a person on a side."""
    held = selectors.side_taken(user.pk, role, scope)
    if held:
        raise Refused(Reason(f"accounts.side_taken_{held.role}", {"name": user.display_name()}), field="role")


@transaction.atomic
def give_role(user: User, *, role: str, scope: str, actor: User | None, at: datetime) -> Membership:
    """`actor` None is the system itself: set-up, or an upper service that has judged the right already."""
    if role not in ROLES:
        raise Refused(Reason("accounts.role_unknown", {"role": role}), field="role")
    if actor is not None:
        permissions.require(actor, "membership.give", scope)
        if actor.pk == user.pk:
            raise Refused(Reason("accounts.role_self"), field="role")
    if not scopes.exists(scope):
        raise Refused(Reason("accounts.scope_unknown", {"scope": scope}), field="scope")
    # Two sides given at the same moment would not see each other without the lock on the person.
    User.objects.select_for_update().get(pk=user.pk)
    if Membership.objects.live().filter(user=user, role=role, scope=scope).exists():
        raise Refused(Reason("accounts.role_held", {"name": user.display_name()}), field="role")
    refuse_second_side(user, role=role, scope=scope)
    membership = Membership.objects.create(user=user, role=role, scope=scope, given_by=actor, given_at=at)
    permissions.forget(user)
    record(
        actor=actor_text(actor),
        action="membership.give",
        subject=f"user:{user.pk}",
        scope=scope,
        after={"membership": membership.pk, "role": role, "scope": scope},
        at=at,
    )
    return membership


@transaction.atomic
def end_role(membership: Membership, *, actor: User | None, at: datetime) -> Membership:
    if actor is not None:
        permissions.require(actor, "membership.give", membership.scope)
    user = membership.user
    if (membership.role, membership.scope) == (ORGANISER, EVERYWHERE):
        # All of them, in one order: two organisers who end each other at once wait instead of leaving nobody.
        rows = Membership.objects.select_for_update().live().filter(role=ORGANISER, scope=EVERYWHERE).order_by("pk")
        if [row.pk for row in rows] == [membership.pk]:
            raise Refused(Reason("accounts.last_organiser"))
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.ended_at:
        raise Refused(Reason("accounts.membership_ended"))
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    permissions.forget(user)
    record(
        actor=actor_text(actor),
        action="membership.end",
        subject=f"user:{membership.user_id}",
        scope=membership.scope,
        before={"membership": membership.pk, "role": membership.role, "scope": membership.scope},
        at=at,
    )
    return membership
