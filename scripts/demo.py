"""make demo: the database brought up to date, the demo race in it, and served until Ctrl-C."""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SECOND_FACTOR_REQUIRED", "0")


def interrupt(*_) -> None:
    raise KeyboardInterrupt


def main() -> None:
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT may have come ignored; `serve` has handlers of its own
        signal.signal(sig, interrupt)
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError, connections

    try:
        django.setup()
        call_command("serve", check=True)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", "cache", verbosity=0)
        call_command("demo", serving=True, passwords=bool(os.environ.get("DEMO_PASSWORD")))
        connections.close_all()
        call_command("serve")
    except (CommandError, ImproperlyConfigured, DatabaseError, OSError) as error:
        sys.exit(f"Saima: {error}")
    except KeyboardInterrupt:
        sys.exit("Saima: interrupted before it served; what was begun is undone.")


if __name__ == "__main__":
    main()
