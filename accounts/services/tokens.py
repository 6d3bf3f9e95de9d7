"""Keys for programs: made by their owner, ended by their owner, worth nothing without the owner's roles."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from accounts.domain import tokens
from accounts.models import ApiToken
from accounts.permissions import held
from ledger.domain.reason import Reason, Refused
from ledger.services import record

MOST_LIVE = 20
USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_token(*, name: str, scopes: Collection[str], days: int, actor, at: datetime) -> tuple[ApiToken, str]:
    """The row and the text, which is never to be had again."""
    wanted = [scope for scope in tokens.SCOPES if scope in scopes]
    if not wanted or len(wanted) < len(set(scopes)):
        raise Refused(Reason("accounts.token_scope_missing"), field="scopes")
    if not 1 <= days <= tokens.MOST_DAYS:
        raise Refused(Reason("accounts.token_days", {"most": tokens.MOST_DAYS}), field="days")
    if not held(actor):
        raise Refused(Reason("accounts.token_without_role"))
    if ApiToken.objects.filter(user=actor, ended_at=None, expires_at__gt=at).count() >= MOST_LIVE:
        raise Refused(Reason("accounts.tokens_too_many", {"most": MOST_LIVE}))
    text = tokens.new_text()
    token = ApiToken.objects.create(
        user=actor,
        name=name.strip(),
        scopes=wanted,
        start=text[: tokens.SHOWN],
        digest=tokens.digest(text),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    after = {"scopes": wanted, "expires_at": token.expires_at}
    record(actor=f"user:{actor.pk}", action="token.make", subject=f"token:{token.pk}", after=after, private={"name": token.name}, at=at)
    return token, text


@transaction.atomic
def end_token(token: ApiToken, *, actor, at: datetime) -> ApiToken:
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.ended_at is None:
        token.ended_at = at
        token.save(update_fields=["ended_at"])
        record(actor=f"user:{actor.pk}", action="token.end", subject=f"token:{token.pk}", at=at)
    return token


@transaction.atomic
def end_exposed(text: str, *, at: datetime) -> bool:
    """Whoever could read along has the key by now, so it is ended. False where it is none that was alive."""
    token = ApiToken.objects.select_for_update().filter(digest=tokens.digest(text), ended_at=None, expires_at__gt=at).first()
    if token is None:
        return False
    token.ended_at = at
    token.save(update_fields=["ended_at"])
    record(actor="system", action="token.end", subject=f"token:{token.pk}", after={"why": "exposed"}, at=at)
    return True


def note_use(token: ApiToken, *, at: datetime) -> None:
    """When it was last used, to the minute: for its owner, who can then see that a forgotten one is still at work."""
    if token.used_at is None or at - token.used_at >= USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=at)
