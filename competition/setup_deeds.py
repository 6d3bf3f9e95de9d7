"""What is written into the ledger besides changes of state."""

from django.utils.translation import gettext_lazy as _

from ledger.actions import register

for _code, _label in (
    ("competition.create", _("Competition created")),
    ("competition.edit", _("Competition edited")),
    ("competition.set_tracks", _("Tracks changed")),
    ("round.add", _("Round added")),
    ("round.edit", _("Round edited")),
    ("round.move", _("Order of rounds changed")),
    ("round.move_windows", _("Dates moved after publication")),
    ("round.remove", _("Round removed")),
    ("form.edit", _("Application form edited")),
    ("advancement.edit", _("Advancement rule edited")),
    ("cluster.create", _("Cluster entered")),
    ("cluster.edit", _("Cluster edited")),
    ("organisation.create", _("Organisation entered")),
    ("organisation.edit", _("Organisation edited")),
    ("workday.set_year", _("Workday table of a year set")),
):
    register(_code, _label)
