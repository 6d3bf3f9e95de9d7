"""Commands that work from files, started without the apps: none of them opens a database, and loading the apps takes longer than
most files take to read. Whoever calls them within Django (`call_command`) gets the same commands."""

import gc
import os
from importlib import import_module

HOMES = {"standings": "evaluations", "agreement": "evaluations", "assign": "evaluations", "advance": "competition"}
WITH_WORDS = ("ledger", "accounts", "competition", "evaluations")


def run(argv: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.apps import apps
    from django.core.management import load_command_class

    gc.disable()  # the process is gone before circles could heap up
    apps.populate(())  # what translation asks for
    for app in WITH_WORDS:
        import_module(f"{app}.reasons")
    load_command_class(HOMES[argv[1]], argv[1]).run_from_argv(argv)
