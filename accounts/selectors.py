"""The doors for reading people."""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import sides
from accounts.domain import tokens
from accounts.domain.roles import SIDES
from accounts.models import ApiToken, Invitation, MailCode, Membership, Notification, SignedIn, SignUp, TrustedBrowser, User
from accounts.sql import CountOf
from jobs import selectors as jobs

LATE = timedelta(seconds=20)  # after which a letter is said not to have left


def counts_at_once(user, rows: dict[str, QuerySet]) -> dict[str, int]:
    """Name → how many rows: one query for all, none for nothing."""
    if not rows:
        return {}
    asked = {name: CountOf(found.order_by().values("pk")) for name, found in rows.items()}
    return User.objects.filter(pk=user.pk).values(**asked).get()


def members(scope: str, *, role: str | None = None) -> QuerySet[Membership]:
    """Live memberships in one scope with their people, in the order roles and people are read."""
    rows = Membership.objects.live().filter(scope=scope).select_related("user").order_by("role", "user__name_zh", "user__email", "pk")
    return rows.filter(role=role) if role else rows


def users_with(role: str, *scopes: str) -> QuerySet[User]:
    """People who hold a role in any of these scopes (`*` is not added by itself)."""
    held = Membership.objects.live().filter(role=role, scope__in=scopes)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("pk")


def invitations(scope: str) -> QuerySet[Invitation]:
    """Invitations for one scope that nobody accepted or cancelled, the latest first."""
    return (
        Invitation.objects.filter(scope=scope, used_at=None, cancelled_at=None).select_related("invited_by").order_by("-invited_at", "-pk")
    )


def side_taken(user_id: int, role: str, scope: str) -> Membership | None:
    """The live membership that keeps this person from this role: another side of the same competition."""
    if role not in SIDES:
        return None
    wanted = sides.competitions(role, scope)
    others = Membership.objects.live().filter(user_id=user_id, role__in=SIDES - {role}).order_by("pk")
    return next((held for held in others if sides.meet(wanted, sides.competitions(held.role, held.scope))), None)


def _secret(row: Invitation | SignUp, *, key: str | None = None) -> str:
    salt = "accounts.invitation" if isinstance(row, Invitation) else "accounts.sign_up"
    return salted_hmac(salt, f"{row.pk}:{row.nonce}", secret=key, algorithm="sha256").hexdigest()[:40]


def _holds(row: Invitation | SignUp, given: str) -> bool:
    """Links that went out before SECRET_KEY changed hold while the old one stands among the fallbacks."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any([constant_time_compare(_secret(row, key=key), given) for key in keys])


def code(row: Invitation | SignUp) -> str:
    """The secret of the one-time link, with what it opens: what a person enters who cannot open the link."""
    return f"{'i' if isinstance(row, Invitation) else 's'}-{row.pk}-{_secret(row)}"


def link_page() -> str:
    """Where codes are entered, whole."""
    return settings.SITE_ADDRESS + reverse("link_open")


def link(given: str) -> str:
    """The one-time link of a code, whole. Browsers keep to themselves what stands behind #."""
    return f"{link_page()}#{given}"


def by_link(kind: str, pk: int, given: str) -> Invitation | SignUp | None:
    """The row that this secret opens, whatever its state; `kind` as in `code`."""
    model = Invitation if kind == "i" else SignUp
    row = model.objects.filter(pk=pk).first()
    return row if row is not None and _holds(row, given) else None


def opened_invitation(pk: int | None, nonce: str) -> Invitation | None:
    """None where another link was made since."""
    return Invitation.objects.filter(pk=pk, nonce=nonce).select_related("invited_by").first()


def opened_sign_up(pk: int | None, nonce: str, *, at) -> SignUp | None:
    """None where the link is used or over, and where the address has an account by now."""
    found = SignUp.objects.filter(pk=pk, nonce=nonce).first()
    if found is None or not found.open_at(at):
        return None
    account = User.objects.filter(email=found.email).first()
    return None if account is not None and account.has_usable_password() else found


def letter_of_code(code_pk: int | None, *, at) -> dict:
    """``state`` of the letter with a code by mail: `none` (too many were asked for), `waits`, `late` (the mail server does not
    answer), `left` at ``at``, `over`."""
    row = MailCode.objects.filter(pk=code_pk).first()
    job = row and jobs.latest("mail.code", f"mail_code:{code_pk}")
    if row is None or job is None:
        return {"state": "none"}
    if at >= row.expires_at or row.used_at or row.tries >= MailCode.MOST_TRIES:
        return {"state": "over"}
    if job.state == job.State.DONE:
        return {"state": "left", "at": job.finished_at}
    late = job.error_code or at - job.created_at > LATE
    return {"state": "late" if late else "waits"}


def own_trusted(user, *, at) -> QuerySet[TrustedBrowser]:
    return TrustedBrowser.objects.filter(user=user, expires_at__gt=at).order_by("-made_at", "-pk")


def language_of(code: str | None) -> str:
    """The language in which somebody gets letters, from that of a page."""
    return "en" if (code or "").startswith("en") else "zh-hans"


def own_tokens(user) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user).order_by("-id")


def live_token(text: str, *, at) -> ApiToken | None:
    """The key with this text, with its owner; None where there is none or it is over."""
    return (
        ApiToken.objects.filter(digest=tokens.digest(text), ended_at=None, expires_at__gt=at, user__is_active=True)
        .select_related("user")
        .first()
    )


def own_notifications(user) -> QuerySet[Notification]:
    """Newest first."""
    return Notification.objects.filter(user=user).order_by("-pk")


def unread(user) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, read_at=None)


def own_sessions(user, *, at):
    """Sessions that still live, the last used first."""
    since = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    used = at - timedelta(seconds=settings.SESSION_IDLE_SECONDS + 300)
    return SignedIn.objects.filter(user=user, started_at__gt=since, seen_at__gt=used).order_by("-seen_at", "-pk")
