"""What stands between the right password and being signed in."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStage
from allauth.core import ratelimit
from allauth.mfa.stages import AuthenticateStage
from django.shortcuts import redirect
from django.utils import timezone

from accounts import second_factor, trusted
from accounts.services.mail_code import send_code

CODE = "code"  # in the state of a sign-in under way: the key of the code that its session may use


def trusted_here(stage) -> bool:
    """Recorded, so that the ledger says how somebody came in."""
    if not trusted.known(stage.request, stage.login.user):
        return False
    record_authentication(stage.request, stage.login.user, "trusted")
    return True


class LeadsBack:
    """Whoever goes back to the sign-in page gets it: allauth would lead them here again, also who typed another's address."""

    def is_resumable(self, request):
        return False


class CodeOrPasskey(LeadsBack, AuthenticateStage):
    """Of whoever has an app or a passkey."""

    def _should_handle(self, request):
        return super()._should_handle(request) and not trusted_here(self)


class ByMail(LeadsBack, LoginStage):
    """Of whoever has neither, where everybody needs two factors."""

    key = "mail_code"
    urlname = "mail_code"

    def handle(self):
        user = self.login.user
        if user is None or not second_factor.by_mail(user) or trusted_here(self):
            return None, True
        if CODE not in self.state:
            self.send()
        return redirect("mail_code"), True

    def send(self) -> bool:
        """Another letter, with a code that takes the place of the last one; not where there were too many."""
        user = self.login.user
        if not ratelimit.consume(self.request, action="mail_code", key=str(user.pk)):
            self.state.setdefault(CODE, None)
            return False
        self.state[CODE] = send_code(user, at=timezone.now()).pk
        return True
