import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from config.backup import Unfit, backup, note


class Command(BaseCommand):
    help = "Writes every row and every file into FILE; `restore` reads it, on either database. It holds everything: guard it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", nargs="?")
        parser.add_argument(
            "--made-elsewhere", action="store_true", help="note that another tool made one (pg_dump, a snapshot); writes no FILE"
        )

    def handle(self, *, file: Path | None, made_elsewhere: bool, **options) -> None:
        if made_elsewhere == (file is not None):
            raise CommandError("Give FILE, or --made-elsewhere where another tool has made the backup.")
        try:
            if made_elsewhere:
                note(at=timezone.now(), by="another tool")
                return
            manifest = backup(file, at=timezone.now())
        except (Unfit, OSError) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read ({type(error).__name__}); nothing was written. Was it migrated?") from error
        with file.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        note(at=timezone.now(), by="manage.py backup", sha256=digest, anchor=manifest["anchor"])
        files = sum(name.startswith("files/") for name in manifest["sha256"])
        self.stdout.write(f"{sum(manifest['rows'].values())} rows, {files} files.")
        self.stdout.write(f"SHA-256 {digest}")
        self.stdout.write(f"Anchor  {manifest['anchor'] or 'none: the ledger is empty'}")
