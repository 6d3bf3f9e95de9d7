"""The matrix of accounts/. `build` adds to the world what its rows need."""

from datetime import timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils import timezone

from accounts.models import ApiToken, Notification
from jobs.models import Job
from tests.factories.accounts import give, make_invitation, make_user
from tests.permissions.matrix import Row, expect, only


def build(world):
    world.invitation = make_invitation("guest@example.org", role="supervisor", scope="*")
    world.operating = give(make_user("Second Operator"), "operator", "*")
    RecoveryCodes.activate(world.cast.supervisor)
    facts = {"kind": "document.render", "queue": "documents", "max_attempts": 5, "run_after": timezone.now(), "created_at": timezone.now()}
    world.queued_job = Job.objects.create(subject="document:9001", **facts)
    world.failed_job = Job.objects.create(subject="document:9002", state="failed", **facts)
    day = {"created_at": timezone.now(), "expires_at": timezone.now() + timedelta(days=3)}
    world.token = ApiToken.objects.create(
        user=world.cast.applicant, name="office", scopes=["read"], start="saima_abcdef", digest="7", **day
    )
    facts_of = {"kind": "seal.anchor", "subject": "day:2026-03-01", "params": {"number": 1, "hash": "a" * 64}, "created_at": timezone.now()}
    world.notification = Notification.objects.create(user=world.cast.applicant, **facts_of)
    asked_by = f"user:{world.cast.applicant.pk}"
    world.asked_job = Job.objects.create(subject="document:9003", requested_by=asked_by, **facts)


def everywhere(world):
    return {"scope": "*"}


def invitation(world):
    return {"pk": world.invitation.pk}


OPEN = expect(200)
SIGNED_IN = expect(200, anonymous=302)
# The cast's organiser, deciders and supervisor have a second factor; whoever has none has nothing there to change.
FACTOR = ("organiser", "decider", "second_decider", "supervisor")


def factor(with_one, without):
    return expect(without, anonymous=302) | dict.fromkeys(FACTOR, with_one)


ENTRANCE = expect(200, signed_in=302)
# `*` belongs to everybody who holds a role there; the others have nothing to do with it.
ORGANISER = only("organiser", colleagues=404) | {"operator": 403}


def job(name):
    return lambda world: {"pk": getattr(world, name).pk}


ROWS = [
    Row("start", expect(302)),
    Row("job_list", only("operator")),
    Row("job_cancel", only("operator", status=302), job("queued_job"), data={}),
    Row("job_retry", only("operator", status=302), job("failed_job"), data={}),
    Row("job_progress", only("operator", colleagues=404), job("queued_job"), owner="the system"),
    Row("job_progress", only("operator", "applicant", colleagues=404), job("asked_job"), owner="applicant"),
    Row("home", expect(302, stranger=200)),  # the others begin in their own rooms
    Row("set_language", expect(302), data={"language": "en"}),
    Row("notification_list", SIGNED_IN),
    Row("notifications_read", expect(302), data={}),
    Row("notification_open", expect(404, anonymous=302, applicant=302), lambda world: {"notification_pk": world.notification.pk}),
    Row("profile", SIGNED_IN),
    Row("profile", expect(302), data={"name_zh": "新名", "language": "en", "mail_rhythm": "daily"}),
    Row("sessions_end", expect(302), data={}),
    Row("token_list", SIGNED_IN),
    Row("token_list", factor(422, 302), data={"name": ""}, fresh=True, label="the others set up a second factor first"),
    Row("token_end", expect(404, anonymous=302, applicant=302), lambda world: {"token_pk": world.token.pk}, data={}, owner="applicant"),
    Row("link_open", OPEN),
    Row("link_open", expect(422), data={"code": "no code"}),
    Row("invitation_accept", expect(410), label="without a link"),
    Row("old_invitation_link", expect(302), lambda world: {"pk": 1, "token": "wrong"}, owner="whoever has the link"),
    Row("old_sign_up_link", expect(302), lambda world: {"pk": 1, "token": "wrong"}, owner="whoever has the link"),
    Row("invitation_renew", ORGANISER | {"organiser": 302}, invitation, data={}),
    Row("invitation_cancel", ORGANISER | {"organiser": 302}, invitation, data={}),
    Row("people", ORGANISER),
    Row("membership_end", ORGANISER | {"organiser": 302}, lambda world: {"pk": world.operating.pk}, data={}),
    Row("invite", ORGANISER, everywhere),
    Row("invite", ORGANISER | {"organiser": 302}, everywhere, data={"email": "new@example.org", "role": "operator", "language": "en"}),
    Row("invite_many", ORGANISER, everywhere),
    Row("invite_many", ORGANISER | {"organiser": 422}, everywhere, data={"people": "", "role": "operator", "language": "en"}),
    Row("invitation_slips", ORGANISER, everywhere),
    Row("account_login", ENTRANCE),
    Row("account_logout", expect(200, anonymous=302)),
    Row("account_signup", ENTRANCE),
    Row("account_signup", expect(302), data={"email": "new@example.org"}, label="asks for the link"),
    Row("sign_up_sent", OPEN),
    Row("sign_up_open", expect(410), label="without a link"),
    Row("account_inactive", OPEN),
    Row("account_reauthenticate", SIGNED_IN),
    Row("account_change_password", SIGNED_IN),
    Row("account_reset_password", OPEN),
    Row("account_reset_password_done", OPEN),
    Row("account_reset_password_from_key", OPEN),
    Row("account_reset_password_from_key_done", OPEN),
    Row("mfa_index", SIGNED_IN),
    Row("mfa_authenticate", expect(302)),
    Row("mfa_reauthenticate", factor(200, 302)),
    Row("mfa_activate_totp", expect(302), label="asks first"),
    Row("mfa_activate_totp", factor(302, 200), fresh=True),
    Row("mfa_deactivate_totp", factor(200, 404), fresh=True),
    Row("mfa_generate_recovery_codes", factor(200, 200), fresh=True),
    Row("mfa_deactivate_totp", factor(302, 404)),
    Row("mail_code", expect(302)),
    Row("trust_end", expect(404, anonymous=302), lambda world: {"browser_pk": 9001}, data={}, owner="nobody"),
    Row("session_end", expect(404, anonymous=302), lambda world: {"session_pk": 9001}, data={}, owner="nobody"),
    Row("mfa_list_webauthn", SIGNED_IN),
    Row("mfa_add_webauthn", expect(302), label="asks first"),
    Row("mfa_add_webauthn", SIGNED_IN, fresh=True),
    Row("mfa_reauthenticate_webauthn", expect(302), label="nobody has one"),
    Row("mfa_edit_webauthn", expect(404, anonymous=302), lambda world: {"pk": 9001}, fresh=True),
    Row("mfa_remove_webauthn", expect(404, anonymous=302), lambda world: {"pk": 9001}, fresh=True),
    Row("mfa_view_recovery_codes", expect(404, anonymous=302, supervisor=200), fresh=True),
    Row("mfa_generate_recovery_codes", expect(302), label="asks first"),
    Row("mfa_download_recovery_codes", expect(400, anonymous=302), data={"code": "no code"}),
]
