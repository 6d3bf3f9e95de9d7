"""`manage.py prepare`: what an installation needs before this version serves. Run twice, it does nothing the second time."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from accounts.services.factor import encrypt_seeds, hash_recovery_codes
from config.cache import TABLE
from config.database_role import give_rights


class Command(BaseCommand):
    help = "Brings database, cache table and static files up to this version; docker compose runs it before everything else."

    def handle(self, **options) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
            call_command("createcachetable", TABLE, verbosity=0)  # also beside Redis, for when that is away
            if settings.DATABASE_ROLE:
                with transaction.atomic():
                    give_rights(connection, role=settings.DATABASE_ROLE, password=settings.DATABASE_ROLE_PASSWORD)
        except DatabaseError as error:
            raise CommandError(f"The database could not be brought up to date: {str(error).strip()}") from error
        written, unreadable = encrypt_seeds()
        if written:
            self.stdout.write(f"{written} seeds of second factors are encrypted under this SECRET_KEY.")
        hashed, unreadable_codes = hash_recovery_codes()
        if hashed:
            self.stdout.write(f"Recovery codes of {hashed} people are kept as hashes now; those on paper still hold.")
        unreadable |= unreadable_codes
        if unreadable:
            self.stderr.write(f"{len(unreadable)} people have a second factor that this SECRET_KEY cannot read (docs/operations.md).")
        call_command("collectstatic", interactive=False, verbosity=1, stdout=self.stdout)
        self.stdout.write("Ready to serve.")
