"""The words of the reasons with which the judging says no."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        # the scheme
        "evaluations.scheme_not_an_object": _("%(path)s: a set of named values is expected here."),
        "evaluations.scheme_not_a_list": _("%(path)s: a list is expected here."),
        "evaluations.scheme_not_a_pair": _("%(path)s: exactly two values are expected here."),
        "evaluations.scheme_unknown_key": _("%(path)s: this key is not known. Check its spelling or remove it."),
        "evaluations.scheme_missing_key": _("%(path)s: this value is missing."),
        "evaluations.scheme_key_not_for_kind": _("%(path)s: a criterion of kind “%(kind)s” has no such value. Remove it."),
        "evaluations.scheme_not_a_code": _("%(path)s: a text of 1 to 200 characters is expected here."),
        "evaluations.scheme_not_a_choice": _("%(path)s: “%(value)s” is not possible here; choose one of %(choices)s."),
        "evaluations.scheme_not_a_count": _("%(path)s: “%(value)s” is not a whole number from 0 to %(most)s."),
        "evaluations.scheme_not_a_decimal": _('%(path)s: “%(value)s” is not a decimal number written as text, such as "7.5".'),
        "evaluations.scheme_out_of_range": _("%(path)s: %(value)s lies outside %(least)s to %(most)s."),
        "evaluations.scheme_not_positive": _("%(path)s: a number above 0 is expected here."),
        "evaluations.scheme_too_fine": _("%(path)s: %(value)s has more than %(digits)s decimals."),
        "evaluations.scheme_too_many": _("%(path)s: there are more than %(most)s."),
        "evaluations.scheme_code_repeated": _("%(path)s: “%(value)s” is used twice."),
        "evaluations.scheme_code_unknown": _("%(path)s: there is no dimension or weighted criterion “%(value)s”."),
        "evaluations.scheme_bounds_reversed": _("%(path)s: the lower bound lies above the upper one."),
        "evaluations.scheme_nothing_weighted": _("%(path)s: no criterion has a weight, so there is nothing to add up."),
        "evaluations.scheme_weights_sum": _("%(path)s: the weights add up to %(sum)s; under the scale “percent” they must add up to 100."),
        "evaluations.scheme_trims_everything": _(
            "%(path)s: from %(min_to_trim)s values on, %(drop_high)s high and %(drop_low)s low ones are dropped, which can leave none. "
            "Raise this number or drop fewer."
        ),
        "evaluations.scheme_carry_over": _("%(path)s: earlier rounds carry %(sum)s percent; more than 100 is not possible."),
        "evaluations.scheme_threshold_unreachable": _("%(path)s: nobody can reach this threshold; the most is %(most)s."),
        "evaluations.scheme_not_one_function": _("%(path)s: exactly one scoring function is expected here: %(choices)s."),
        "evaluations.scheme_floor_is_target": _("%(path)s: floor and target are the same number; they must differ."),
        "evaluations.scheme_steps_not_ascending": _("%(path)s: the bounds of the steps must rise from line to line."),
        "evaluations.scheme_reverse_refused": _(
            "%(path)s: this scoring function cannot be reversed. A linear function prefers less when its floor lies above its target."
        ),
        "evaluations.scheme_not_a_seed": _("%(path)s: a whole number or a text is expected here."),
        "evaluations.scheme_rows_wrong": _("%(path)s: %(count)s values stand here, %(expected)s are expected."),
        "evaluations.scheme_not_a_number": _("%(path)s: “%(value)s” is not a finite number."),
        "evaluations.scheme_id_unknown": _("%(path)s: “%(value)s” is not among the ids of this file."),
        # marks
        "evaluations.mark_on_metric": _(
            "Entry %(entry)s: %(criterion)s is computed from reported data; the mark of %(evaluator)s for it is not possible."
        ),
        "evaluations.mark_out_of_bounds": _(
            "Entry %(entry)s, evaluator %(evaluator)s, %(criterion)s: %(value)s lies outside 0 to %(most)s."
        ),
        "evaluations.mark_off_step": _("Entry %(entry)s, evaluator %(evaluator)s, %(criterion)s: %(value)s is not a multiple of %(step)s."),
        "evaluations.mark_twice": _("Entry %(entry)s, evaluator %(evaluator)s, %(criterion)s: there are two marks."),
        "evaluations.mark_required": _("Entry %(entry)s, evaluator %(evaluator)s: the required mark for %(criterion)s is missing."),
        "evaluations.bonus_twice": _(
            "Entry %(entry)s: %(criterion)s is given once and marked by evaluators as well; only one is possible."
        ),
        # entries
        "evaluations.entry_panel_too_small": _("Not ranked: %(size)s evaluators scored this entry, at least %(least)s are needed."),
        "evaluations.entry_figure_missing": _("Not ranked: the reported figure for %(criterion)s is missing."),
        "evaluations.entry_criterion_without_marks": _("Not ranked: nobody marked %(criterion)s."),
        "evaluations.entry_carry_missing": _("Not ranked: there is no total of the earlier round %(round)s."),
        "evaluations.entry_vetoed": _("Not eligible: veto item %(criterion)s is not met."),
        "evaluations.entry_total_below_threshold": _("Cannot advance: the total of %(value)s lies below the threshold of %(least)s."),
        "evaluations.entry_dimension_below_threshold": _("Cannot advance: %(value)s in %(code)s lies below the threshold of %(least)s."),
        "evaluations.entry_criterion_below_threshold": _("Cannot advance: %(value)s in %(code)s lies below the threshold of %(least)s."),
        "evaluations.lot_without_seed": _("The tie ladder ends in a lot, and the round has no seed. Commit a seed before ranking."),
        # assignment
        "evaluations.assignment_entry_short": _("Entry %(entry)s has %(eligible)s eligible evaluators for %(seats)s seats."),
        "evaluations.assignment_excluded_region": _("Entry %(entry)s: %(count)s excluded by region."),
        "evaluations.assignment_excluded_employer": _("Entry %(entry)s: %(count)s excluded by employer."),
        "evaluations.assignment_excluded_own": _("Entry %(entry)s: %(count)s excluded because they take part in the application."),
        "evaluations.assignment_excluded_declared": _("Entry %(entry)s: %(count)s excluded by a declared conflict."),
        "evaluations.assignment_excluded_recused": _("Entry %(entry)s: %(count)s recused themselves."),
        "evaluations.assignment_excluded_hand": _("Entry %(entry)s: %(count)s excluded by hand."),
        "evaluations.assignment_excluded_other": _("Entry %(entry)s: %(count)s excluded for other reasons."),
        "evaluations.assignment_required_over_seats": _(
            "Entry %(entry)s: %(required)s evaluators are fixed by hand, and it has %(seats)s seats."
        ),
        "evaluations.assignment_required_over_load": _(
            "Evaluator %(evaluator)s: %(required)s entries are fixed by hand, and the largest load is %(most)s."
        ),
        "evaluations.assignment_least_short": _(
            "Evaluator %(evaluator)s is to judge at least %(least)s entries and may judge %(eligible)s."
        ),
        "evaluations.assignment_capacity_short": _("There are %(seats)s seats, and all evaluators together can take %(most)s."),
        "evaluations.assignment_seats_short": _("There are %(seats)s seats, and the smallest loads add up to %(least)s."),
        "evaluations.assignment_least_together_short": _(
            "The smallest loads cannot all be met: the evaluators concerned may judge too few entries between them. Lower some of them."
        ),
        "evaluations.assignment_together_short": _(
            "%(count)s entries need %(seats)s seats together, %(missing)s more than the evaluators open to them can take. "
            "Entries: %(entries)s. Evaluators at their largest load: %(evaluators)s."
        ),
        "evaluations.assignment_required_gone": _(
            "Evaluator %(evaluator)s is fixed for entry %(entry)s by hand and can no longer be assigned. Take the rule away."
        ),
        "evaluations.assignment_moved": _(
            "Seats, conflicts or entries kept changing while the assignment was computed. Nothing was written; compute it once more."
        ),
        "evaluations.assignment_unsolved": _("The solver found no assignment that holds. Change the loads or the seed and try again."),
        "evaluations.assignment_pair_twice": _("The assignment names a pair twice."),
        "evaluations.assignment_pair_forbidden": _("Evaluator %(evaluator)s may not judge entry %(entry)s."),
        "evaluations.assignment_pair_absent": _("Evaluator %(evaluator)s is fixed for entry %(entry)s and missing there."),
        "evaluations.assignment_seats_wrong": _("Entry %(entry)s does not have its %(seats)s evaluators."),
        "evaluations.assignment_load_wrong": _("The load of evaluator %(evaluator)s lies outside %(least)s to %(most)s."),
        "evaluations.assignment_load_reversed": _(
            "Evaluator %(evaluator)s: the smallest load, %(least)s, lies above the largest, %(most)s."
        ),
        "evaluations.assignment_name_unknown": _("%(name)s is not part of this assignment."),
        "evaluations.assignment_employers_short": _(
            "Entry %(entry)s: with one evaluator for each employer %(employers)s are open to it, and it has %(seats)s seats."
        ),
        "evaluations.assignment_employers_together_short": _(
            "There are %(seats)s seats, and with one evaluator of each employer at an entry all employers together can take %(most)s."
        ),
        "evaluations.assignment_employer_required_twice": _(
            "Entry %(entry)s: %(required)s evaluators of %(employer)s are fixed by hand, and one for each employer is allowed."
        ),
        "evaluations.assignment_employer_twice": _("Entry %(entry)s has %(count)s evaluators of %(employer)s."),
        "evaluations.assignment_discipline_short": _(
            "Entry %(entry)s has %(eligible)s eligible evaluators of the discipline %(discipline)s and needs %(least)s."
        ),
        "evaluations.assignment_discipline_required_over": _(
            "Entry %(entry)s: %(required)s evaluators of the discipline %(discipline)s are fixed by hand, and at most %(most)s are allowed."
        ),
        "evaluations.assignment_disciplines_over_seats": _(
            "Entry %(entry)s: the least numbers of its disciplines add up to %(least)s, and it has %(seats)s seats."
        ),
        "evaluations.assignment_disciplines_under_seats": _(
            "Entry %(entry)s: its disciplines leave room for %(most)s evaluators, and it has %(seats)s seats."
        ),
        "evaluations.assignment_discipline_wrong": _("Entry %(entry)s has %(count)s evaluators of the discipline %(discipline)s."),
        "evaluations.assignment_panels_short": _(
            "%(count)s entries stay without a complete panel under the rules about employers and disciplines, "
            "however the others are filled: %(entries)s."
        ),
        # score files
        "evaluations.file_criterion_unknown": _("row %(row)s, column %(column)s: the scheme has no criterion “%(value)s”."),
        "evaluations.file_round_unknown": _("row %(row)s, column %(column)s: the scheme carries no round “%(value)s”."),
        "evaluations.file_group_differs": _("row %(row)s, column %(column)s: the group is “%(value)s”, in an earlier row “%(earlier)s”."),
        "evaluations.file_track_differs": _("row %(row)s, column %(column)s: the track is “%(value)s”, in an earlier row “%(earlier)s”."),
        "evaluations.file_mark_twice": _("row %(row)s, column %(column)s: the same value stands already in row %(first)s."),
        "evaluations.file_mark_required": _(
            "row %(row)s, column %(column)s: the required mark of %(evaluator)s for %(criterion)s of entry %(entry)s is missing."
        ),
        "evaluations.file_mark_out_of_bounds": _("row %(row)s, column %(column)s: %(value)s lies outside %(least)s to %(most)s."),
        "evaluations.file_mark_off_step": _("row %(row)s, column %(column)s: %(value)s is not a multiple of %(step)s."),
        "evaluations.file_veto_unknown": _("row %(row)s, column %(column)s: “%(value)s” is neither 1 (passed) nor 0 (failed)."),
        "evaluations.file_not_a_decimal": _("row %(row)s, column %(column)s: “%(value)s” is not a decimal number."),
        "evaluations.file_too_fine": _("row %(row)s, column %(column)s: %(value)s has more than two decimals."),
        "evaluations.file_metric_marked": _(
            "row %(row)s, column %(column)s: %(criterion)s is computed from a reported figure; leave the evaluator empty."
        ),
        "evaluations.file_evaluator_absent": _("row %(row)s, column %(column)s: %(criterion)s is marked by evaluators; name one."),
        "evaluations.file_bonus_twice": _(
            "row %(row)s, column %(column)s: this bonus is given once and marked by evaluators as well (row %(first)s)."
        ),
    }
)
