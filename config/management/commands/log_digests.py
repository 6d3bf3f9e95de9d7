from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.log_digests import compare


class Command(BaseCommand):
    help = "Records the digests of the days of the log that are over, and compares those recorded before. Runs where PART is worker."

    def handle(self, **options) -> None:
        if not settings.LOG_KEEPER:
            raise CommandError("There is no keeper of the log: LOG_KEEPER is empty.")
        try:
            new, wrong = compare()
        except OSError as error:
            raise CommandError(f"The keeper of the log does not answer: {error}") from error
        self.stdout.write(f"{len(new)} recorded.")
        if wrong:
            raise CommandError(f"Not any more what the ledger says of them, or gone: {', '.join(wrong)}")
        self.stdout.write("All others are as they were recorded.")
