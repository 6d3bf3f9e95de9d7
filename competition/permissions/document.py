"""The list of documents. Who may read or ask for one follows from what it is made of: each kind says so itself."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import needs, staffed

register(
    "document.list",
    needs("organiser", "decider", "supervisor"),
    queryset=lambda user, rows: staffed(user, rows),
    label=_("See which documents were issued"),
    who=_("its organisers, deciders and supervisors"),
)
