from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from accounts.models import User
from accounts.services.sessions import end_sessions


class Command(BaseCommand):
    help = "Signs a person out everywhere, or everybody (--all); it stands in the ledger. Whoever knows the password may sign in again."

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?", help="e-mail address of the account")
        parser.add_argument("--all", action="store_true", dest="everybody", help="everybody")
        parser.add_argument("--lang", choices=["en", "zh-hans"], default="en", help="language of this command's words (default: en)")

    def handle(self, *, email, everybody, lang, **options):
        if bool(email) == everybody:
            raise CommandError("Name one e-mail address, or --all.")
        with translation.override(lang):
            people = list(User.objects.order_by("pk") if everybody else User.objects.filter(email__iexact=email))
            if email and not people:
                raise CommandError(f"There is no account for {email}.")
            for user in people:
                end_sessions(user, actor="system", at=timezone.now())
            self.stdout.write(f"Signed out: {len(people)} accounts." if everybody else f"{email} is signed out.")
