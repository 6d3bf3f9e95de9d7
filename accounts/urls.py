"""Addresses of people's accounts. allauth's views are listed one by one: what is not here cannot be reached."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from accounts.access import before_second_factor as early
from accounts.access import public
from accounts.views import (
    invitation,
    jobs,
    link,
    new_password,
    notifications,
    passkeys,
    profile,
    recovery_codes,
    second_step,
    session,
    sessions,
    sign_up,
    tokens,
)

urlpatterns = [
    path("home/", session.home, name="home"),
    path("language/", public(session.set_language), name="set_language"),
    path("profile/", early(profile.profile), name="profile"),
    path("sessions/end/", early(sessions.sessions_end), name="sessions_end"),
    path("sessions/<int:session_pk>/end/", early(sessions.session_end), name="session_end"),
    path("browsers/<int:browser_pk>/end/", early(sessions.trust_end), name="trust_end"),
    path("notifications/", notifications.notification_list, name="notification_list"),
    path("notifications/read/", notifications.notifications_read, name="notifications_read"),
    path("notifications/<int:notification_pk>/", notifications.notification_open, name="notification_open"),
    path("keys/", tokens.token_list, name="token_list"),
    path("keys/<int:token_pk>/end/", tokens.token_end, name="token_end"),
    path("link/", public(link.link_open), name="link_open"),
    path("invitation/", public(invitation.accept), name="invitation_accept"),
    path("invitation/<int:pk>/<str:token>/", public(link.old_link), {"kind": "i"}, name="old_invitation_link"),
    path("invitations/<int:pk>/renew/", invitation.renew, name="invitation_renew"),
    path("invitations/<int:pk>/cancel/", invitation.cancel, name="invitation_cancel"),
    path("people/", invitation.everywhere, name="people"),
    path("memberships/<int:pk>/end/", invitation.end, name="membership_end"),
    path("invite/<str:scope>/", invitation.invite, name="invite"),
    path("invite/<str:scope>/list/", invitation.invite_many, name="invite_many"),
    path("invite/<str:scope>/slips/", invitation.slips, name="invitation_slips"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/<int:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("jobs/<int:pk>/retry/", jobs.job_retry, name="job_retry"),
    path("jobs/<int:pk>/progress/", jobs.job_progress, name="job_progress"),
    path("login/", public(account.login), name="account_login"),
    path("login/code/", public(second_step.mail_code), name="mail_code"),
    path("logout/", public(account.logout), name="account_logout"),
    path("signup/", public(sign_up.sign_up), name="account_signup"),
    path("signup/sent/", public(sign_up.sign_up_sent), name="sign_up_sent"),
    path("signup/open/", public(sign_up.sign_up_open), name="sign_up_open"),
    path("signup/<int:pk>/<str:token>/", public(link.old_link), {"kind": "s"}, name="old_sign_up_link"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", early(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", early(account.password_change), name="account_change_password"),
    path("password/reset/", public(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", public(account.password_reset_done), name="account_reset_password_done"),
    path("password/reset/key/", public(new_password.new_password), name="account_reset_password_from_key"),
    path("password/reset/key/done/", public(account.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    path("2fa/", early(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", public(second_step.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", early(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", early(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", early(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/passkeys/", early(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", early(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/passkeys/reauthenticate/", early(passkeys.reauthenticate), name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/<int:pk>/name/", early(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", early(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/recovery-codes/", early(recovery_codes.shown), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", early(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", early(recovery_codes.downloaded), name="mfa_download_recovery_codes"),
]
