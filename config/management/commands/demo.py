"""`manage.py demo`: the demo race in the configured, migrated database. Where it is already there, nothing is changed."""

import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import translation

from accounts.models import User
from competition.models import Competition
from config.rehearsal.demo import people
from config.rehearsal.demo.build import build
from config.rehearsal.demo.leftovers import no_file_left_behind
from config.rehearsal.demo.renew import renew


class Command(BaseCommand):
    help = (
        "Fills an empty, migrated database with the demo race. Needs no server, worker or broker. Already there: changes nothing. "
        "With --renew its open deadlines are postponed instead."
    )

    def add_arguments(self, parser):
        parser.add_argument("--passwords", action="store_true", help="Give every demo login the password in DEMO_PASSWORD.")
        parser.add_argument("--serving", action="store_true", help="Leave it to the server, which starts next, to print the logins.")

        parser.add_argument(
            "--renew",
            action="store_true",
            help="Move the open deadlines of a demo that is there as far from today as they were when it was built: windows of rounds, "
            "recommendations, corrections. Each through its service, with a record and a reason; what has passed and what was done "
            "stays. To begin anew, take an empty database (VAR_DIR or DATABASE_URL). Refused where there is no demo.",
        )

    def handle(self, *args, **options):
        try:
            there = Competition.objects.filter(demo=True).exists()
            others = not there and (Competition.objects.exists() or User.objects.exists())
        except DatabaseError as error:
            raise CommandError(f"The database is not ready ({type(error).__name__}). Run manage.py migrate first.") from None
        if options["renew"]:
            return self.renew(there)
        if others:
            raise CommandError("This database is in use. The demo race goes into an empty one only (set DATABASE_URL or VAR_DIR).")
        self.refuse_weak_password()
        if not there:
            self.stdout.write("Building the demo race …")
            # All or nothing, files too: half a race could be neither served nor built again.
            with no_file_left_behind(Path(settings.VAR_DIR) / "demo-building.json"), transaction.atomic(), people.hashed_once():
                build(at=datetime.now(UTC), say=lambda step: self.stdout.write(f"  {step}"))
        if options["passwords"]:
            if not os.environ.get("DEMO_PASSWORD"):
                raise CommandError("Set DEMO_PASSWORD to the new password first.")
            people.change_passwords()
        if not there or options["passwords"] or not self.path().exists():
            self.write_logins()
        if not options["serving"]:
            self.stdout.write(self.path().read_text(encoding="utf-8"))

    def renew(self, there: bool) -> None:
        if not (there and User.objects.filter(email=people.ORGANISER.email).exists()):
            raise CommandError("This is no demo: there is nothing to renew. Run manage.py demo on an empty database first.")
        with transaction.atomic(), translation.override("en"):
            moved = renew(at=datetime.now(UTC), say=lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write(f"Moved on: {moved}.")

    def refuse_weak_password(self) -> None:
        """Before anything is built: what the pages ask of everybody's password."""
        if given := os.environ.get("DEMO_PASSWORD"):
            try:
                with translation.override("en"):
                    validate_password(given)
            except ValidationError as fault:
                raise CommandError(f"DEMO_PASSWORD cannot be used: {' '.join(fault.messages)}") from None

    def path(self) -> Path:
        return Path(settings.VAR_DIR) / "demo-logins.txt"

    def write_logins(self) -> None:
        rows = [
            ("组织单位 organiser", people.ORGANISER.email),
            ("组织单位 organiser", people.SECOND_ORGANISER.email),
            ("国家级组织单位 nation", people.NATION.email),
            ("决策人员 decider", people.DECIDER.email),
            ("决策人员 decider", people.SECOND_DECIDER.email),
            ("监督人员 supervisor", people.SUPERVISOR.email),
            ("评审专家 evaluator", f"{people.EVALUATORS[0][0].key}@{people.DOMAIN} … {people.EVALUATORS[-1][0].email}"),
            ("申报单位 applicant", " ".join(f"{key}@{people.DOMAIN}" for key in ("machinery", "instruments", "refining")) + " …"),
            ("推荐单位 recommender", people.RECOMMENDER.email),
            ("推荐单位 recommender", people.SECOND_RECOMMENDER.email),
            ("新注册的单位 newcomer", people.NEWCOMER.email),
            ("运维人员 operator", people.OPERATOR.email),
        ]
        shown = people.PRINTED_PASSWORD if people.printed_password_opens() else "DEMO_PASSWORD"
        text = "\n".join(
            ["演示登录 · demo logins", *(f"  {role:<20} {email}" for role, email in rows), f"  密码 password         {shown}", ""]
        )
        self.path().write_text(text, encoding="utf-8")
