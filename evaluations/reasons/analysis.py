"""Why a figure of the analysis cannot be had."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "evaluations.analysis_too_small": _(
            "At least 2 entries and 2 evaluators with complete scores are needed; here are %(entries)s and %(evaluators)s."
        ),
        "evaluations.analysis_holes": _("Every evaluator has to have scored every entry; %(count)s of %(of)s scores are missing."),
        "evaluations.analysis_all_equal": _("All scores that could be compared are equal."),
        "evaluations.analysis_no_variance": _("The scores vary too little between entries for this figure."),
        "evaluations.analysis_no_pairs": _("No entry was scored by two evaluators."),
        "evaluations.analysis_not_connected": _(
            "The evaluators fall into %(parts)s parts that share no entry, so severities hold only inside each part. "
            "One more seat each would connect them (evaluator → entry): %(seats)s."
        ),
        "evaluations.flag_overtaken": _("This question no longer stands: it was answered, or the sheet has changed since."),
        "evaluations.flag_none": _("Nobody has asked about this sheet as it stands."),
        "evaluations.flag_due_past": _("Give the evaluators a deadline that is still to come."),
        "evaluations.explanation_missing": _("Say in a sentence why."),
        "evaluations.analysis_no_panel": _("No evaluator marks anything in this round: every value is computed from reported figures."),
        "evaluations.analysis_one_criterion": _("There is only one weight, so there is nothing to vary."),
        "evaluations.analysis_nothing_ranked": _("No entry of this snapshot is ranked."),
        "evaluations.analysis_nobody_inside": _("Under the rule nobody is inside the line on this snapshot."),
        "evaluations.analysis_differs": _(
            "The computation was repeated with the same seed and the same marks, and its result differs from the one on file. "
            "The one on file stays, and the ledger says where they differ. Tell an operator."
        ),
        "evaluations.analysis_one_evaluator": _("There is only one evaluator to compare."),
        "evaluations.analysis_no_spare_scores": _("There are too few scores to estimate an error."),
    }
)
