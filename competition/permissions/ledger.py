"""Reading what was done in a competition."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import needs

register("ledger.read", needs("supervisor", "organiser"), label=_("Read a competition's ledger"), who=_("its supervisors and organisers"))
