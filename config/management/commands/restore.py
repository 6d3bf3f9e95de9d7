from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.backup import Unfit, restore
from config.backup_cipher import NoKey


class Command(BaseCommand):
    help = "Reads what backup wrote into an empty, migrated installation, and verifies its files' digests and its ledger; all or nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--key", type=Path, metavar="FILE", help="what opens it, as backup --new-key wrote it")

    def handle(self, *, file: Path, key: Path | None, **options) -> None:
        try:
            manifest = restore(file, key=key)
        except (Unfit, NoKey, OSError) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database refused it ({type(error).__name__}); nothing was restored. Was it migrated?") from error
        files = sum(name.startswith("files/") for name in manifest["sha256"])
        self.stdout.write(f"{sum(manifest['rows'].values())} rows, {files} files, as of {manifest['made_at']}.")
        self.stdout.write(f"The ledger is whole up to its anchor {manifest['anchor'] or '(none)'}; compare it with one noted down outside.")
