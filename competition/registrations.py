"""Everything this app registers at start-up, in one place: tables, permissions; each noun's file does its own."""

from competition import reasons as _reasons  # noqa: F401
from competition import tables
from competition.permissions import competition as _competition  # noqa: F401
from competition.permissions import conflicts as _conflicts  # noqa: F401
from competition.permissions import decision as _decision  # noqa: F401
from competition.permissions import publicity as _publicity  # noqa: F401
from competition.permissions import scopes as _scopes  # noqa: F401

tables.register_all()
