"""`manage.py replay FORMAT`: a whole competition with invented entries, through the services, on a scratch database."""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from config.rehearsal.plans import names, read
from config.rehearsal.replay import replay
from config.rehearsal.scratch import KINDS, configured_kind, scratch_database
from config.rehearsal.servers import ServerMissing
from ledger.domain.reason import Refused
from ledger.reasons import say

HERE = "SAIMA_REPLAY_HERE"  # set for the child that runs on the scratch database


class Command(BaseCommand):
    help = "Run a published competition again with invented entries, on a scratch database. Exit status 1 when its funnel differs."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("format", help=f"{', '.join(names())}, or the path of a file of your own (docs/formats.md)")
        parser.add_argument("--db", choices=KINDS, default=None, help="default: the configured kind")

    def handle(self, *, format, db, **options):
        plan = self._read(format)
        if os.environ.get(HERE):
            self._replay(plan)
            return
        arguments = [sys.executable, str(settings.BASE_DIR / "manage.py"), "replay", format]
        try:
            # Its files go with its database.
            with scratch_database(db or configured_kind()) as url, tempfile.TemporaryDirectory() as folder:
                environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": folder, HERE: "1", "SECOND_FACTOR_REQUIRED": "0"}
                status = subprocess.run(arguments, env=environment).returncode
        except ServerMissing as missing:
            raise CommandError(str(missing)) from None
        if status:
            raise CommandError("The funnel is not the published one; see above.", returncode=status)

    def _read(self, name):
        if name not in names() and not (name.endswith(".yaml") and Path(name).is_file()):
            raise CommandError(f"There is no replay {name!r}. Known: {', '.join(names())}; or the path of a .yaml file.")
        try:
            return read(name)
        except Refused as refused:
            with translation.override("en"):
                raise CommandError(" ".join(str(say(reason)) for reason in refused.reasons)) from None

    def _replay(self, plan):
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.CACHE_URL:
            call_command("createcachetable", "cache", verbosity=0)
        since = time.monotonic()
        for line in plan["assumptions"]:
            self.stdout.write(f"Assumed: {line}")
        # In one transaction, as the demo: nothing of it outlives the run.
        with transaction.atomic():
            funnel, outcomes = replay(plan, at=datetime.now(UTC), say=self.stdout.write)
        self.stdout.write("Outcomes: " + ", ".join(f"{code} {number}" for code, number in sorted(outcomes.items())))
        self.stdout.write(f"{' -> '.join(map(str, funnel))} in {time.monotonic() - since:.0f} s")
        if funnel != plan["funnel"]:
            raise CommandError(f"Published: {' -> '.join(map(str, plan['funnel']))}")
