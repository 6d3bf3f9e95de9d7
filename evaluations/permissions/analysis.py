"""The analysis of a closed round: under the same secrecy as the standings it stands beside."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import roles_in
from competition.permissions.secrecy import against_scores
from ledger.domain.reason import Reason


def _may_compute(user, round):
    if "organiser" not in roles_in(user, round):
        return Reason("competition.role_needed", {"roles": ["organiser"]})
    return against_scores(user, round)


register(
    "analysis.view", against_scores, label=_("Read the analysis of a round"), who=_("staff without a conflict after the round is closed")
)
register(
    "analysis.compute",
    _may_compute,
    label=_("Have the analysis computed"),
    who=_("organisers without a conflict after the round is closed"),
)
