"""Clusters, organisations and the workday table: shared by all competitions, kept by any organiser."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register, roles
from ledger.domain.reason import Reason


def _organises(user, subject):
    return None if "organiser" in roles(user) else Reason("competition.role_needed", {"roles": ["organiser"]})


def _all_or_none(user, rows):
    return rows if "organiser" in roles(user) else rows.none()


for _action, _label in (
    ("cluster.keep", _("Keep the lists of clusters and organisations")),
    ("workday.keep", _("Keep the table of workdays")),
):
    register(_action, _organises, queryset=_all_or_none, label=_label, who=_("organisers"))
