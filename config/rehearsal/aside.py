"""A process of our own beside this one. Known to it before Django is, so this file knows no model."""

import signal

from config.rehearsal.servers import die_with_parent


def begin() -> None:
    """Its first act: Ctrl-C is the other's to answer, and it does not outlive that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(signal.SIGKILL)()
    import django

    django.setup()
