import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from config.backup import Unfit, backup, note
from config.backup_cipher import NoKey, is_encrypted, recipient
from config.backup_cipher import new_key as make_key


class Command(BaseCommand):
    help = "Writes every row and every file into FILE; `restore` reads it, on either database. It holds everything, so it is encrypted."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", nargs="?")
        parser.add_argument(
            "--to",
            action="append",
            default=[],
            metavar="age1…",
            help="encrypt it to this key, the public half of what --new-key made (may be given more than once; default: BACKUP_RECIPIENTS)",
        )
        parser.add_argument("--in-the-clear", action="store_true", help="do not encrypt it: where FILE lies on an encrypted disk")
        parser.add_argument(
            "--new-key", action="store_true", help="write the secret half of a new key into FILE and print the public one; makes no backup"
        )
        parser.add_argument(
            "--made-elsewhere", action="store_true", help="note that another tool made one (pg_dump, a snapshot); writes no FILE"
        )

    def handle(self, *, file: Path | None, made_elsewhere: bool, to: list[str], in_the_clear: bool, new_key: bool, **options) -> None:
        if new_key:
            self.make_key(file)
            return
        if made_elsewhere == (file is not None):
            raise CommandError("Give FILE, or --made-elsewhere where another tool has made the backup.")
        try:
            if made_elsewhere:
                note(at=timezone.now(), by="another tool")
                return
            manifest = backup(file, at=timezone.now(), recipients=self.recipients(to, in_the_clear))
        except (Unfit, NoKey, OSError) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read ({type(error).__name__}); nothing was written. Was it migrated?") from error
        with file.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        note(at=timezone.now(), by="manage.py backup", encrypted=is_encrypted(file), sha256=digest, anchor=manifest["anchor"])
        files = sum(name.startswith("files/") for name in manifest["sha256"])
        self.stdout.write(f"{sum(manifest['rows'].values())} rows, {files} files.")
        self.stdout.write(f"SHA-256 {digest}")
        self.stdout.write(f"Anchor  {manifest['anchor'] or 'none: the ledger is empty'}")

    def recipients(self, to: list[str], in_the_clear: bool) -> list:
        chosen = [] if in_the_clear else [recipient(text) for text in to or settings.BACKUP_RECIPIENTS]
        if in_the_clear and to:
            raise CommandError("Give --to or --in-the-clear, not both.")
        if settings.PRODUCTION and not chosen and not in_the_clear:
            raise CommandError(
                "A backup holds everything: give --to or set BACKUP_RECIPIENTS (the key is made by backup --new-key, on another machine), "
                "or --in-the-clear where FILE lies on an encrypted disk."
            )
        return chosen

    def make_key(self, file: Path | None) -> None:
        if file is None:
            raise CommandError("Give the FILE into which the secret half is written.")
        try:
            public = make_key(file)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(public)
        self.stderr.write(f"{file} alone opens what is encrypted to it: keep it outside this machine, twice.")
