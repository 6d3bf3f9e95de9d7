"""What is written into the ledger besides changes of state."""

from django.utils.translation import gettext_lazy as _

from ledger.actions import register

for _code, _label in (
    ("rubric.edit", _("Rubric edited")),
    ("scheme.edit", _("Scoring scheme edited")),
):
    register(_code, _label)
