from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone, translation

from accounts import selectors
from accounts.domain.roles import EVERYWHERE, ORGANISER
from accounts.models import Invitation
from accounts.services import invitation as services
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say


class Command(BaseCommand):
    help = (
        "Makes the first organiser of an empty installation: prints a one-time link, valid for 14 days, with which the person of this "
        "e-mail address sets a password. Everybody else is invited in the browser."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", help="e-mail address of the first organiser")
        parser.add_argument(
            "--again", action="store_true", help="also where there is an organiser: another one, or a new link for the same"
        )
        parser.add_argument("--lang", choices=["en", "zh-hans"], default="en", help="language of this command's words (default: en)")

    def handle(self, *, email, again, lang, **options):
        with translation.override(lang):
            try:
                validate_email(email)
                self.stdout.write(selectors.link(selectors.code(self.invitation(email, again))))
            except ValidationError:
                raise CommandError(f"{email!r} is not an e-mail address.") from None
            except Refused as refused:
                raise CommandError(" ".join(say(reason) for reason in refused.reasons)) from None

    def invitation(self, email, again):
        now = timezone.now()
        waiting = Invitation.objects.filter(email__iexact=email, role=ORGANISER, scope=EVERYWHERE, used_at=None, cancelled_at=None).first()
        if not again and selectors.users_with(ORGANISER, EVERYWHERE).exists():
            raise Refused(Reason("accounts.organiser_there"))
        if waiting:
            return services.renew(waiting, actor=None, at=now, by_mail=False)
        return services.invite(email, role=ORGANISER, scope=EVERYWHERE, actor=None, at=now, by_mail=False)
