"""Rubrics and schemes, as they are set up."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "evaluations.rubric_missing": _("Round %(round)s has no rubric."),
        "evaluations.check_without_scheme": _("A formal check has no scoring scheme."),
        "evaluations.check_with_marks": _(
            "Round %(round)s is a formal check: its items are passed or not, by the organiser; %(codes)s is none of them."
        ),
        "evaluations.rubric_empty": _("Round %(round)s: the rubric has no criterion."),
        "evaluations.rubric_item_unknown": _(
            "Round %(round)s: criterion %(criterion)s reads the figure “%(item)s”, which the form does not ask for."
        ),
        "evaluations.scheme_missing": _("Round %(round)s has no scoring scheme."),
        "evaluations.seats_below_panel": _(
            "Round %(round)s: %(seats)s evaluators per entry, while the scheme needs at least %(least)s to rank it."
        ),
        "evaluations.carry_unknown": _("Round %(round)s: the scheme carries in “%(code)s”, which is no earlier round."),
        "evaluations.carry_past_readmission": _(
            "Round %(round)s: the scheme carries in “%(code)s”, which clusters of an earlier edition have not been in. Let them begin in "
            "that round or carry nothing."
        ),
        "evaluations.trial_nothing_there": _("This round has no standings to compare with."),
        "evaluations.trial_overtaken": _("The round's standings were made anew meanwhile. Run it once more."),
        "evaluations.trial_without_line": _("Ranks only: no advancement rule is applied here."),
        "evaluations.trial_unsaved": _("Save the scheme once; example sheets compare what is typed with what is saved."),
        "evaluations.rubric_code_twice": _("%(criterion)s: this code stands twice. Each dimension and each criterion needs its own."),
        "evaluations.rubric_dimension_empty": _("%(criterion)s: a dimension needs at least one criterion."),
        "evaluations.rubric_kind_unknown": _("%(criterion)s: choose how the criterion is marked."),
        "evaluations.rubric_missing_unknown": _("%(criterion)s: choose what a blank mark means."),
        "evaluations.rubric_weight_wrong": _("%(criterion)s: the weight is a number above 0, at most 100, with at most four decimals."),
        "evaluations.rubric_max_wrong": _("%(criterion)s: the highest mark is a number above 0, at most 1000, with at most two decimals."),
        "evaluations.rubric_step_wrong": _(
            "%(criterion)s: the step is a number above 0, at most the highest mark, with at most two decimals."
        ),
        "evaluations.rubric_min_wrong": _("%(criterion)s: the least points are a number from −100 to 0, with at most two decimals."),
        "evaluations.rubric_bonus_max_wrong": _(
            "%(criterion)s: the most points are a number from 0 to 100, with at most two decimals, and more than the least."
        ),
        "evaluations.rubric_bonus_step_wrong": _(
            "%(criterion)s: the step is a number above 0, no larger than what can be given or taken, with at most two decimals."
        ),
        "evaluations.rubric_giver_unknown": _("%(criterion)s: choose who gives it."),
        "evaluations.rubric_veto_blank": _("%(criterion)s: a veto left blank cannot count as failed. Choose what else a blank means."),
        "evaluations.rubric_data_item_missing": _("%(criterion)s: a computed criterion needs the figure that it is computed from."),
        "evaluations.rubric_function_missing": _("%(criterion)s: say at which figure the points begin and at which they are full."),
    }
)
