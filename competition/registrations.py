"""Everything this app registers at start-up, in one place: tables, permissions; each noun's file does its own."""

from competition import race_deeds as _race_deeds  # noqa: F401
from competition import tables
from competition import tasks as _tasks  # noqa: F401
from competition.permissions import application as _application  # noqa: F401
from competition.permissions import competition as _competition  # noqa: F401
from competition.permissions import conflicts as _conflicts  # noqa: F401
from competition.permissions import decision as _decision  # noqa: F401
from competition.permissions import publicity as _publicity  # noqa: F401
from competition.permissions import scopes as _scopes  # noqa: F401
from competition.selectors import applications as _applications  # noqa: F401
from competition.selectors import decisions as _decisions  # noqa: F401
from competition.services import publicity as _objections  # noqa: F401
from competition.services import release as _release  # noqa: F401

tables.register_all()
