"""`manage.py prepare`: what an installation needs before this version serves. Run twice, it does nothing the second time."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.cache import TABLE


class Command(BaseCommand):
    help = "Brings database, cache table and static files up to this version; docker compose runs it before everything else."

    def handle(self, **options) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
            call_command("createcachetable", TABLE, verbosity=0)  # also beside Redis, for when that is away
        except DatabaseError as error:
            raise CommandError(f"The database could not be brought up to date: {str(error).strip()}") from error
        call_command("collectstatic", interactive=False, verbosity=1, stdout=self.stdout)
        self.stdout.write("Ready to serve.")
