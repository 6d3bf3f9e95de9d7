"""Helping somebody who lost the second factor."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import person
from accounts.models import User
from accounts.services import mail
from accounts.services.sessions import end_sessions
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def reset_second_factor(user: User, *, at: datetime) -> None:
    """Removes all of it, recovery codes too. Only the command does this: whoever could do it in the browser could take over a
    decider's account. The person is told by mail."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise Refused(Reason("accounts.second_factor_none"))
    person.forget(user)
    record(actor="system", action="second_factor.reset", subject=f"user:{user.pk}", at=at)
    end_sessions(user, actor="system", at=at)
    mail.send("second_factor_reset", user.pk)
