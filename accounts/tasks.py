"""Mail leaves in the background."""

from datetime import datetime
from hashlib import sha256
from smtplib import SMTPException

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import letters, scopes, selectors
from accounts.models import Invitation, MailCode, SignUp, User
from accounts.services import notifications
from accounts.services.acts import forget_acts
from accounts.services.mail_code import code_of
from accounts.services.sessions import clear_sessions
from jobs import registry
from jobs.services import has_left, once

MAIL_ATTEMPTS = 100  # rests grow to a quarter of an hour: a mail server may be away for a day


def send_mail(ctx):
    kind, _colon, key = ctx.subject.partition(":")
    letter = letters.get(kind)(key, ctx.params)
    if letter is None or has_left(ctx.job_id):
        return
    with translation.override(letter.language):
        context = dict(letter.context) | {"language": letter.language}
        subject = " ".join(render_to_string(f"emails/{kind}/subject.txt", context).split())
        body, page = (render_to_string(f"emails/{kind}/body.{form}", context) for form in ("txt", "html"))
    with get_connection() as server:  # before the transaction: a mail server that does not answer holds up nobody
        message = EmailMultiAlternatives(subject, body, to=[letter.to], headers={"Message-ID": message_id(ctx, body)}, connection=server)
        message.attach_alternative(page, "text/html")
        with transaction.atomic():
            if once(ctx.job_id) and letter.claim():
                message.send()
    ctx.progress(1, 1)


def message_id(ctx, body: str) -> str:
    """The same for a letter that goes out again because its worker died between the mail server's yes and our note of it: readers
    then show one."""
    place = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
    return f"<saima.{ctx.job_id}.{sha256(body.encode()).hexdigest()[:20]}@{place}>"


def _ways(code: str) -> dict[str, str]:
    """The link, and for whoever reads on another device the code with the page where it is entered."""
    return {"link": selectors.link(code), "code": code, "page": selectors.link_page()}


def invitation_letter(key, params):
    invitation = Invitation.objects.filter(pk=key).select_related("invited_by").first()
    if invitation is None or invitation.state(timezone.now()) != "open":
        return None
    with translation.override(invitation.language):
        context = {"invitation": invitation, "name": invitation.display_name(), "place": scopes.name(invitation.scope)}
    return letters.Letter(invitation.email, invitation.language, context | _ways(selectors.code(invitation)))


def sign_up_letter(key, params):
    """One letter for both cases: only the owner of the mailbox learns whether there is an account already."""
    sign_up = SignUp.objects.filter(pk=key).first()
    if sign_up is None or not sign_up.open_at(timezone.now()):
        return None
    account = User.objects.filter(email=sign_up.email).first()
    if account is not None and account.has_usable_password():
        names = {"sign_in": "account_login", "reset": "account_reset_password"}
        links = {name: settings.SITE_ADDRESS + reverse(route) for name, route in names.items()}
        return letters.Letter(account.email, account.language, {"known": True, **links})
    facts = {"until": sign_up.expires_at, "known": False}
    return letters.Letter(sign_up.email, sign_up.language, facts | _ways(selectors.code(sign_up)))


def password_reset_letter(key, params):
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None:
        return None
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    facts = {"name": user.display_name(user.language)}
    return letters.Letter(user.email, user.language, facts | _ways(f"p-{user_pk_to_url_str(user)}-{token}"))


def mail_code_letter(key, params):
    row = MailCode.objects.filter(pk=key, used_at=None, expires_at__gt=timezone.now()).select_related("user").first()
    if row is None:
        return None
    user, code = row.user, code_of(row)
    facts = {"name": user.display_name(user.language), "code": f"{code[:4]} {code[4:]}", "until": row.expires_at}
    return letters.Letter(user.email, user.language, facts | {"change": settings.SITE_ADDRESS + reverse("account_change_password")})


def second_factor_reset_letter(key, params):
    user = User.objects.filter(pk=key, is_active=True).first()
    return user and letters.Letter(user.email, user.language, {"name": user.display_name(user.language)})


def notification_letter(key, params):
    return notifications.letter(int(key))


def notification_digest_letter(key, params):
    return notifications.digest(int(key.partition(":")[0]), datetime.fromisoformat(params["until"]))


def post_notifications(ctx):
    """A letter for each who wants it at once; letters that are out already are not queued again."""
    notifications.post(ctx.subject.partition(":")[0], at=timezone.now())


@shared_task(name="accounts.digest")
def digest() -> None:
    """Idempotent: what a letter has told is not told again."""
    notifications.post_digests(at=timezone.now())


@shared_task(name="accounts.clear_sessions")
def clear_old_sessions() -> None:
    clear_sessions(at=timezone.now())
    forget_acts(at=timezone.now())


registry.register(notifications.POST, post_notifications, queue="mail", label=_("Letters about an event"))
registry.register("mail.code", send_mail, queue="codes", label=_("Send a code"), attempts=MAIL_ATTEMPTS, retry_on=(OSError, SMTPException))
registry.register("mail.send", send_mail, queue="mail", label=_("Send a letter"), attempts=MAIL_ATTEMPTS, retry_on=(OSError, SMTPException))
