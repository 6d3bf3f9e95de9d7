"""`manage.py bench NAME`: measures on a scratch database beside the configured one; the last line is JSON."""

import json
import os
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.rehearsal.scratch import KINDS, configured_kind, scratch_database
from config.rehearsal.servers import ServerMissing

DEFAULTS = {"entries": 2000, "evaluators": 10, "criteria": 15}
NAMES = (
    "aggregate",
    "refresh",
    "leaderboard",
    "sheet",
    "assign",
    "robustness",
    "severity",
    "rush",
    "board",
    "certificates",
    "report",
    "workers",
)
OWN_DEFAULTS = {
    "assign": {"evaluators": 400, "criteria": 1},
    "robustness": {"criteria": 1},
    "severity": {"evaluators": 400, "criteria": 1},
    "board": {"entries": 300, "evaluators": 3, "criteria": 1},  # entries of each of 32 provinces
    "certificates": {"entries": 20, "evaluators": 5},
    "report": {"entries": 300, "evaluators": 7},
    "workers": {"entries": 60, "evaluators": 9, "criteria": 5},  # certificates, and a tenth of the entries of each round to analyse
    "rush": {"entries": 200, "evaluators": 1, "criteria": 1},
}
UNHURRIED = {"PAGES_PER_MINUTE": "0", "ACTS_PER_MINUTE": "0"}  # few people ask for what a hall does
HERE = "SAIMA_BENCH_HERE"  # set for the child that runs on the scratch database


class Command(BaseCommand):
    help = "Measure on a scratch database beside the configured one. The last line printed is JSON."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("name", choices=NAMES)
        for size, number in DEFAULTS.items():
            parser.add_argument(f"--{size}", type=int, help=f"default {number}, or what suits the measurement")
        parser.add_argument("--db", choices=KINDS, default=None, help="default: the configured kind")

    def handle(self, *, name, db, **options):
        defaults = DEFAULTS | OWN_DEFAULTS.get(name, {})
        sizes = {size: default if options[size] is None else options[size] for size, default in defaults.items()}
        if wrong := [size for size, number in sizes.items() if number < 1]:
            raise CommandError(f"--{wrong[0]} must be at least 1.")
        db = db or configured_kind()
        if os.environ.get(HERE):
            self._measure(name, db, sizes)
            return
        arguments = [sys.executable, str(settings.BASE_DIR / "manage.py"), "bench", name, "--db", db]
        for size, number in sizes.items():
            arguments += [f"--{size}", str(number)]
        try:
            with scratch_database(db) as url:
                environment = {**os.environ, "DATABASE_URL": url, HERE: "1", "SECOND_FACTOR_REQUIRED": "0", **UNHURRIED}
                status = subprocess.run(arguments, env=environment).returncode
        except ServerMissing as missing:
            raise CommandError(str(missing)) from None
        if status:
            raise CommandError("The measurement failed; see above.", returncode=status)

    def _measure(self, name, db, sizes):
        from config.rehearsal.bench import analysis, machines, nation, papers, rush
        from config.rehearsal.bench.measure import database_mb, peak_mb
        from config.rehearsal.bench.scores import BENCHES

        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.CACHE_URL:
            call_command("createcachetable", "cache", verbosity=0)
        every = BENCHES | analysis.BENCHES | rush.BENCHES | nation.BENCHES | papers.BENCHES | machines.BENCHES
        found = every[name](**sizes)
        self.stdout.write(json.dumps({"bench": name, "db": db, **sizes, **found, "peak_mb": peak_mb(), "database_mb": database_mb()}))
