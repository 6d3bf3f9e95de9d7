"""What codes of the judging are called on pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# What can be declared; employer, region and applicant follow from who somebody is.
DECLARABLE = {
    "adviser": _("Adviser or consultant"),
    "shareholding": _("Shareholding or other financial interest"),
    "family": _("Family relation"),
    "employment": _("Employed there, now or in the last three years"),
    "member": _("Member of the cluster"),
    "other": _("Another interest"),
}
CONFLICT_KINDS = {
    **DECLARABLE,
    "employer": pgettext_lazy("conflict", "Employer"),
    "region": pgettext_lazy("conflict", "Region"),
    "applicant": pgettext_lazy("conflict", "Applies for it"),
}
# Why an evaluator is not open to an entry, in a count.
GROUNDS = {
    "region": pgettext_lazy("conflict", "Region"),
    "employer": pgettext_lazy("conflict", "Employer"),
    "own": pgettext_lazy("conflict", "Applies for it"),
    "declared": _("Declared conflict"),
    "recused": _("Recused"),
    "hand": _("By hand"),
    "other": _("Other reasons"),
}

# Where a seat stands: its words and its pill.
STAGES = {
    "proposed": (_("Proposed"), ""),
    "answer": (_("No answer about conflicts yet"), ""),
    "draft": (_("Being filled in"), "undecided"),
    "returned": (_("Returned to you"), "warn"),
    "submitted": (_("Submitted"), "ok"),
    "locked": (_("Locked"), "ok"),
    "recused": (_("Recused"), "out"),
    "replaced": (_("Replaced"), "out"),
    "waived": (_("Seat waived"), "out"),
    "gone": (_("Entry left the race"), "out"),
}
STAGES_OF_OTHERS = STAGES | {"returned": (_("Returned"), "warn"), "answer": (_("Not begun"), "")}
SEAT_STATES = {
    "proposed": _("Proposed"),
    "published": _("Published"),
    "confirmed": _("No conflict declared"),
    "recused": _("Recused"),
    "replaced": _("Replaced"),
    "waived": _("Seat waived"),
}
