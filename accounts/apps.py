from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from allauth.account.signals import authentication_step_completed
        from allauth.mfa.signals import authenticator_added, authenticator_reset
        from django.contrib.auth.signals import user_logged_in

        from accounts import letters, menu, reasons, recovery_codes, rules, second_factor, tasks  # noqa: F401
        from accounts.domain.roles import OPERATOR
        from accounts.selectors import unread
        from accounts.services import login_log, sessions
        from accounts.views.jobs import failed_jobs
        from accounts.views.recovery_codes import remember
        from ledger import actions

        actions.register("membership.give", _("Role given"))
        actions.register("membership.end", _("Role ended"))
        actions.register("invitation.send", _("Invitation sent"))
        actions.register("invitation.renew", _("New invitation link made"))
        actions.register("invitation.cancel", _("Invitation withdrawn"))
        actions.register("invitation.accept", _("Invitation accepted"))
        actions.register("account.open", _("Account opened"))
        actions.register("account.change", _("Own account changed"))
        actions.register("login.succeed", _("Signed in"))
        actions.register("login.end", _("Signed out"))
        actions.register("login.end_all", _("Signed out everywhere"))
        actions.register("login.end_one", _("Signed out on one device"))
        actions.register("login.trust", _("Browser trusted for 14 days"))
        actions.register("login.trust_end", _("Browser no longer trusted"))
        actions.register("login.lock", _("Sign-in locked after wrong passwords"))
        actions.register("token.make", _("Key for a program made"))
        actions.register("token.end", _("Key for a program ended"))
        actions.register("password.change", _("Password changed"))
        actions.register("second_factor.add", _("Second factor set up"))
        actions.register("second_factor.remove", _("Second factor removed"))
        actions.register("second_factor.reset", _("Second factor removed by an operator"))
        actions.register("second_factor.renew", _("Recovery codes made anew"))
        menu.register(
            menu.MenuEntry(
                "notifications",
                _("Notifications"),
                "notification_list",
                "bell",
                frozenset(),
                "account",
                5,
                competition=False,
                count=lambda user, _competition: unread(user),
            )
        )
        menu.register(menu.MenuEntry("profile", _("My account"), "profile", "user", frozenset(), "account", 10, competition=False))
        menu.register(
            menu.MenuEntry(
                *("people", _("People and roles"), "people", "users", frozenset({"organiser"}), "people", 90),
                competition=False,
                everywhere=True,
            )
        )
        letters.register("invitation", tasks.invitation_letter)
        letters.register("sign_up", tasks.sign_up_letter)
        letters.register("password_reset", tasks.password_reset_letter)
        letters.register("notification", tasks.notification_letter)
        letters.register("notification_digest", tasks.notification_digest_letter)
        letters.register("mail_code", tasks.mail_code_letter)
        letters.register("second_factor_reset", tasks.second_factor_reset_letter)
        login_log.connect()
        user_logged_in.connect(sessions.begin, dispatch_uid="accounts.session_limits")
        authentication_step_completed.connect(sessions.new_key, dispatch_uid="accounts.session_key")
        authenticator_added.connect(second_factor.remember_set_up, dispatch_uid="accounts.second_factor")
        recovery_codes.take_over()
        authenticator_added.connect(remember, dispatch_uid="accounts.recovery_codes")
        authenticator_reset.connect(remember, dispatch_uid="accounts.recovery_codes")
        menu.register(
            menu.MenuEntry(
                "jobs", _("Background jobs"), "job_list", "sync", frozenset({OPERATOR}), "system", 10, competition=False, count=failed_jobs
            )
        )
