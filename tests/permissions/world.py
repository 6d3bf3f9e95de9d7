"""Everything that the rows of the permission matrix ask for, in one world."""

from importlib import import_module
from types import SimpleNamespace

from tests.cast import make_cast

APPS = ("accounts", "setup", "running", "documents", "deciding", "competition", "evaluations", "config", "api", "acts")
TABLES = [import_module(f"tests.permissions.rows_{app}") for app in APPS]


def make_world() -> SimpleNamespace:
    world = SimpleNamespace(cast=make_cast())
    for table in TABLES:
        table.build(world)
    return world
