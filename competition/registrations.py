"""Everything this app registers at start-up, in one place: tables, permissions; each noun's file does its own, facts and hooks of
the workflow beside the services that they serve."""

from competition import applying_menu as _applying_menu  # noqa: F401
from competition import deciding_menu as _deciding_menu  # noqa: F401
from competition import deeds as _deeds  # noqa: F401
from competition import organising_menu as _organising_menu  # noqa: F401
from competition import recommending_menu as _recommending_menu  # noqa: F401
from competition import registering_menu as _registering_menu  # noqa: F401
from competition import setup_menu as _setup_menu  # noqa: F401
from competition import tables
from competition import tasks as _tasks  # noqa: F401
from competition import told as _told  # noqa: F401
from competition.documents import watching as _watching  # noqa: F401
from competition.documents.context import certificate as _certificate  # noqa: F401
from competition.documents.context import receipt as _receipt  # noqa: F401
from competition.documents.context import recommendation as _letter  # noqa: F401
from competition.permissions import application as _application  # noqa: F401
from competition.permissions import clusters as _clusters  # noqa: F401
from competition.permissions import competition as _competition  # noqa: F401
from competition.permissions import conflicts as _conflicts  # noqa: F401
from competition.permissions import decision as _decision  # noqa: F401
from competition.permissions import document as _document  # noqa: F401
from competition.permissions import ledger as _ledger  # noqa: F401
from competition.permissions import nomination as _nomination  # noqa: F401
from competition.permissions import publicity as _publicity  # noqa: F401
from competition.permissions import recommendation as _recommendation  # noqa: F401
from competition.permissions import registration as _registration  # noqa: F401
from competition.permissions import scopes as _scopes  # noqa: F401
from competition.permissions import webhook as _webhook  # noqa: F401
from competition.selectors import applications as _applications  # noqa: F401
from competition.selectors import decisions as _decisions  # noqa: F401
from competition.selectors import organising as _organising  # noqa: F401
from competition.selectors import quotas as _quotas  # noqa: F401
from competition.selectors import recommendations as _recommendations  # noqa: F401
from competition.selectors import registrations as _registering  # noqa: F401
from competition.selectors import subject_names as _subject_names  # noqa: F401
from competition.services import competitions as _competitions  # noqa: F401
from competition.services import conditions as _conditions_of_titles  # noqa: F401
from competition.services import decisions as _decision_hooks  # noqa: F401
from competition.services import entries as _entries  # noqa: F401
from competition.services import publicity as _objections  # noqa: F401
from competition.services import recommendations as _recommendation_hooks  # noqa: F401
from competition.services import registrations as _registration_hooks  # noqa: F401
from competition.services import release as _release  # noqa: F401
from competition.services import reopenings as _reopenings  # noqa: F401
from competition.services import rounds as _rounds  # noqa: F401
from competition.services import signatures as _signatures  # noqa: F401
from competition.services import telling as _telling  # noqa: F401
from competition.services import webhooks as _webhooks  # noqa: F401

tables.register_all()
