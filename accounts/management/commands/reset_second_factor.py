from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from accounts.models import User
from accounts.services.factor import reset_second_factor
from ledger.domain.reason import Refused
from ledger.reasons import say


class Command(BaseCommand):
    help = (
        "Removes the second factor of a person who lost telephone and recovery codes; it stands in the ledger and the person is told by "
        "mail. Make sure first who is asking."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", help="e-mail address of the account")
        parser.add_argument("--lang", choices=["en", "zh-hans"], default="en", help="language of this command's words (default: en)")

    def handle(self, *, email, lang, **options):
        with translation.override(lang):
            user = User.objects.filter(email__iexact=email).first()
            if user is None:
                raise CommandError(f"There is no account for {email}.")
            try:
                reset_second_factor(user, at=timezone.now())
            except Refused as refused:
                raise CommandError(" ".join(say(reason) for reason in refused.reasons)) from None
            self.stdout.write(f"The second factor of {user.email} is removed.")
