"""Inviting people, and their coming in."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.timezone import localtime

from accounts import permissions, scopes
from accounts.domain.pasted import Person, read_people
from accounts.domain.roles import ORGANISER, ROLES
from accounts.models import Invitation, User, new_nonce
from accounts.services import mail
from accounts.services.membership import actor_text, give_role, refuse_second_side
from ledger.domain.reason import Reason, Refused
from ledger.services import record

VALID_FOR = timedelta(days=14)
MOST_AT_ONCE = 200


@transaction.atomic
def invite(
    email: str,
    *,
    role: str,
    scope: str,
    actor: User | None,
    at: datetime,
    name_zh: str = "",
    name_en: str = "",
    language: str = "zh-hans",
    by_mail: bool = True,
) -> Invitation:
    """An open invitation with its letter in the queue. Refused where the person holds the role, or stands on another side."""
    email = email.strip().lower()
    if role not in ROLES:
        raise Refused(Reason("accounts.role_unknown", {"role": role}), field="role")
    if actor is not None:
        permissions.require(actor, "membership.give", scope)
    if not scopes.exists(scope):
        raise Refused(Reason("accounts.scope_unknown", {"scope": scope}), field="scope")
    user = User.objects.filter(email__iexact=email).first()
    if user is not None:
        if actor is not None and user.pk == actor.pk:
            raise Refused(Reason("accounts.role_self"), field="email")
        if user.memberships.live().filter(role=role, scope=scope).exists():
            raise Refused(Reason("accounts.role_held", {"name": user.display_name()}), field="email")
        if actor is None or ORGANISER in permissions.roles(actor):
            # Applicants who invite a colleague are not told who judges: whoever accepts learns it about themselves.
            refuse_second_side(user, role=role, scope=scope)
    if Invitation.objects.filter(email__iexact=email, role=role, scope=scope, used_at=None, cancelled_at=None).exists():
        raise Refused(Reason("accounts.invitation_open", {"email": email}), field="email")
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        scope=scope,
        name_zh=name_zh,
        name_en=name_en,
        language=language,
        nonce=new_nonce(),
        invited_by=actor,
        invited_at=at,
        expires_at=at + VALID_FOR,
    )
    _write_down("invitation.send", invitation, actor=actor, at=at)
    if by_mail:
        mail.send("invitation", invitation.pk, requested_by=actor_text(actor))
    return invitation


@transaction.atomic
def invite_many(
    text: str, *, role: str, scope: str, actor: User, at: datetime, language: str = "zh-hans", by_mail: bool = True
) -> list[Invitation]:
    """`text` has one person on each line: e-mail, name[, name in English]. All or nobody; Refused carries one reason per line."""
    permissions.require(actor, "membership.give", scope)
    people, faults = read_people(text, most=MOST_AT_ONCE)
    faults = [*faults, *_wrong_addresses(people)]
    if faults:
        raise Refused(*sorted(faults, key=lambda reason: reason.params.get("line", 0)), field="people")
    made = []
    for person in people:
        try:
            with transaction.atomic():
                made.append(
                    invite(
                        person.email,
                        role=role,
                        scope=scope,
                        actor=actor,
                        at=at,
                        name_zh=person.name_zh,
                        name_en=person.name_en,
                        language=language,
                        by_mail=by_mail,
                    )
                )
        except Refused as refused:
            faults += [Reason(reason.code, {**reason.params, "line": person.line}) for reason in refused.reasons]
    if faults:
        raise Refused(*faults, field="people")
    return made


def _wrong_addresses(people: Iterable[Person]):
    for person in people:
        try:
            validate_email(person.email)
        except ValidationError:
            yield Reason("accounts.line_email_wrong", {"line": person.line, "email": person.email})


@transaction.atomic
def renew(invitation: Invitation, *, actor: User | None, at: datetime, by_mail: bool = True) -> Invitation:
    """A new link; the old one is void at once."""
    invitation = _open(invitation)
    if actor is not None:
        permissions.require(actor, "membership.give", invitation.scope)
    invitation.nonce = new_nonce()
    invitation.expires_at = at + VALID_FOR
    invitation.save(update_fields=["nonce", "expires_at"])
    _write_down("invitation.renew", invitation, actor=actor, at=at)
    if by_mail:
        mail.send("invitation", invitation.pk, requested_by=actor_text(actor))
    return invitation


@transaction.atomic
def cancel(invitation: Invitation, *, actor: User, at: datetime) -> Invitation:
    invitation = _open(invitation)
    permissions.require(actor, "membership.give", invitation.scope)
    invitation.cancelled_at = at
    invitation.save(update_fields=["cancelled_at"])
    _write_down("invitation.cancel", invitation, actor=actor, at=at)
    return invitation


@transaction.atomic
def accept(
    invitation: Invitation,
    *,
    user: User | None,
    at: datetime,
    nonce: str,
    password: str = "",
    name_zh: str = "",
    name_en: str = "",
    language: str = "zh-hans",
) -> User:
    """`nonce` is the one that the link was opened with. `user` is who is signed in; None makes an account with the password and
    names given. Whoever has an account signs in first."""
    invitation = _open(invitation)
    if invitation.nonce != nonce:
        raise Refused(Reason("accounts.invitation_void"))
    if at >= invitation.expires_at:
        raise Refused(Reason("accounts.invitation_late", {"until": f"{localtime(invitation.expires_at):%Y-%m-%d %H:%M}"}))
    if user is not None and user.email.lower() != invitation.email.lower():
        raise Refused(Reason("accounts.invitation_other_person"))
    if user is None:
        user = User.objects.filter(email__iexact=invitation.email).first()
        if user is not None and user.has_usable_password():
            raise Refused(Reason("accounts.invitation_sign_in"))
        user = user or User(email=invitation.email, date_joined=at)
        user.name_zh, user.name_en, user.language = name_zh, name_en, language
        validate_password(password, user)
        user.set_password(password)
        user.save()
    give_role(user, role=invitation.role, scope=invitation.scope, actor=None, at=at)
    invitation.used_at, invitation.used_by = at, user
    invitation.save(update_fields=["used_at", "used_by"])
    _write_down("invitation.accept", invitation, actor=user, at=at)
    return user


def _open(invitation: Invitation) -> Invitation:
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.used_at:
        raise Refused(Reason("accounts.invitation_used"))
    if invitation.cancelled_at:
        raise Refused(Reason("accounts.invitation_void"))
    return invitation


def _write_down(action: str, invitation: Invitation, *, actor: User | None, at: datetime) -> None:
    record(
        actor=actor_text(actor),
        action=action,
        subject=f"invitation:{invitation.pk}",
        scope=invitation.scope,
        after={"role": invitation.role, "scope": invitation.scope},
        private={"email": invitation.email} if action == "invitation.send" else None,
        at=at,
    )
