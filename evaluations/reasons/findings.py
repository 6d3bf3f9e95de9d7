"""Why a finding is refused, and what it comes to in a ranking."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "evaluations.finding_round_closed": _("The round is not open any more, so what was found cannot change."),
        "evaluations.finding_not_given_once": _("%(criterion)s is not given by the organiser in this round."),
        "evaluations.finding_changed": _("Somebody else recorded something here meanwhile. Look at it, then record again."),
        "evaluations.findings_changed": _("%(count)s items are unchecked by now, not %(expected)s. Look at them, then confirm again."),
        "evaluations.check_not_closed": _("The formal check is not closed yet; its form is printed afterwards."),
        "evaluations.no_formal_check": _("This round is no formal check."),
        "evaluations.entry_check_failed": _("Formal check not passed: %(items)s."),
        "evaluations.entry_not_eligible": _("Not eligible: not passed: %(items)s."),
    }
)
