"""Who may nominate a province's chosen entry into a national edition: those who speak for its region there, and its organisers here."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import roles_in
from competition.permissions.recommendation import against_taking_sides, of_region
from ledger.domain.reason import Reason


@dataclass(frozen=True)
class Candidate:
    """A chosen `entry` and the `quota` (of the national edition) that its nomination would be charged to."""

    entry: Any
    quota: Any


def _nominates(user, candidate):
    if not of_region(user, candidate.quota.region_id) and "organiser" not in roles_in(user, candidate.entry):
        return Reason("competition.role_needed", {"roles": ["organiser", "recommender"]})
    return against_taking_sides(user, candidate.entry.application, candidate.quota)


register(
    "nomination.make",
    _nominates,
    label=_("Nominate a province's chosen cluster into a national edition"),
    who=_("recommenders of the region and the province's organisers, without a part in it or a conflict"),
)
