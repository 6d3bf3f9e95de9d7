"""What the organiser finds in checking: bonuses, deductions, veto items. Nobody does it for a cluster that they are bound to."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import needs, roles_in
from competition.permissions.secrecy import against_checks, against_checks_of
from ledger.domain.reason import Reason


def _may_write(user, entry):
    if "organiser" not in roles_in(user, entry):
        return Reason("competition.role_needed", {"roles": ["organiser"]})
    return against_checks_of(user, entry)


_WITHOUT = _("its organisers, without a conflict with the cluster")
register("finding.record", _may_write, label=_("Record a bonus, a deduction or a veto check"), who=_WITHOUT)
register("finding.withdraw", _may_write, label=_("Take back what was recorded"), who=_WITHOUT)
register("finding.pass_rest", needs("organiser"), label=_("Pass all veto checks that nobody has looked at"), who=_("its organisers"))
register(
    "finding.list",
    against_checks,
    label=_("See bonuses, deductions and veto checks of a round"),
    who=_("its organisers and supervisors; deciders after closing"),
)
register(
    "finding.view",
    against_checks_of,
    label=_("See bonuses, deductions and veto checks of an entry"),
    who=_("the same, without a conflict"),
)
