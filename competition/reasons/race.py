"""States, windows, forms, formats, outcomes, rights."""

from django.utils.translation import gettext_lazy as _

from competition.labels import GROUPINGS, MACRO_REGIONS
from competition.selectors.places import region_names, sector_names
from ledger.reasons import register, register_terms, register_terms_by

register_terms_by(
    "value",
    "by",
    {"region": region_names, "recommender": region_names, "sector": sector_names, "macro_region": lambda: MACRO_REGIONS},
)
register_terms("by", GROUPINGS)
register(
    {
        # changes of state
        "competition.action_not_now": _("This cannot be done in the present state. Load the page again to see what can."),
        "competition.subject_gone": _("What this is about no longer exists. Go back to the list."),
        "competition.competition_incomplete": _("The call is not ready to be published. Open the check page to see what is missing."),
        "competition.rounds_unreleased": _("Rounds not yet released: %(count)s. Release each of them first."),
        "competition.round_incomplete": _("The round is not ready to open. Open the check page to see what is missing."),
        "competition.round_empty": _("The round has no entry yet. Accept at least %(least)s application first."),
        "competition.applications_unanswered": _(
            "Applications still waiting for an answer: %(count)s. Accept, return or refuse each of them first."
        ),
        "competition.checks_open": _(
            "Veto checks that nobody has looked at: %(count)s. Record what was found, or confirm that all of them are passed."
        ),
        "competition.checks_conflict": _(
            "You are bound to this cluster, so bonuses, deductions and veto checks of it are not yours to see."
        ),
        "competition.sheets_pending": _("Seats still open: %(count)s. Extend, replace the evaluator or waive the seat with a reason."),
        "competition.second_person_missing": _("A second person has to ask for this first, with a reason."),
        "competition.reopening_requested_already": _("Somebody has already asked for this round to be re-opened; a second person answers."),
        "competition.reopening_not_requested": _("Nobody has asked for this round to be re-opened."),
        "competition.signature_round_reopened": _("The round was re-opened."),
        "competition.entry_withdrawn": _("Withdrawn: the entry has left the ranking and keeps its marks."),
        "competition.entry_disqualified": _("Disqualified: the entry has left the ranking and keeps its marks."),
        "competition.proposal_unreleased": _("A round is released by the release of its proposal."),
        "competition.correction_closed": _("The time for the correction ended on %(due)s (Beijing time)."),
        "competition.intake_ended": _("The round no longer takes in applications."),
        "competition.objections_open": _("Objections still open: %(count)s. Decide them first."),
        "competition.proposal_stale": _("The proposal no longer rests on the present standings and rule. Draw up a new one."),
        "competition.meeting_missing": _("The meeting is not recorded yet. Enter its number and date first."),
        "competition.outcomes_undecided": _("Outcomes still undecided: %(count)s. The decider settles each with a reason."),
        "competition.signatures_missing": _("Valid signatures: %(count)s of %(least)s. They come from two different people."),
        # windows and days
        "competition.window_early": _("The window opens on %(opens)s (Beijing time). You can prepare everything until then."),
        "competition.window_closed": _("The window closed on %(closed)s (Beijing time); it is now %(now)s. Your draft is kept."),
        "competition.year_unknown": _("The working days of %(year)s are not known yet. Enter the official holidays of that year first."),
        # answers of the form
        "competition.answer_missing": _("Please fill this in."),
        "competition.undertaking_missing": _("Please confirm this undertaking."),
        "competition.file_missing": _("Please attach the file."),
        "competition.files_too_many": _("%(count)s files; at most %(most)s are allowed here. Remove some."),
        "competition.text_too_long": _("%(count)s words; at most %(most)s are allowed. Please shorten the text."),
        "competition.text_too_short": _("%(count)s words; at least %(least)s are asked for."),
        "competition.option_unknown": _("Please choose one of the options offered."),
        "competition.not_a_number": _("This is not a number. Use digits and a decimal point, without the unit."),
        "competition.too_many_decimals": _("At most %(most)s decimals."),
        "competition.figure_out_of_range": _("%(value)s lies outside %(low)s to %(high)s. Check the unit."),
        "competition.figure_too_low": _("%(value)s is below the least value, %(bound)s. Check the unit."),
        "competition.figure_too_high": _("%(value)s is above the greatest value, %(bound)s. Check the unit."),
        "competition.figure_missing": _("The figure for %(year)s is missing."),
        "competition.source_missing": _("Please name the source of these figures."),
        "competition.part_exceeds_whole": _("%(value)s is more than the whole, %(whole)s. The unit may be wrong."),
        "competition.jump_unexplained": _("%(change)s %% on the year before; usual is %(low)s to %(high)s %%. If true, say why."),
        "competition.credit_code_length": _("The code has 18 characters; here are %(count)s."),
        "competition.credit_code_characters": _(
            "The code holds characters that no credit code has, such as I, O, S, V or Z. Check it digit by digit."
        ),
        "competition.credit_code_check": _("The last character should be %(expected)s for these 17. Check it digit by digit."),
        # forms, formats and rules as data
        "competition.form_malformed": _("The form is malformed at %(place)s: %(fault)s"),
        "competition.form_code_twice": _("The code %(code)s stands twice in the form."),
        "competition.form_item_unknown": _("%(item)s reads %(reads)s, which the form does not ask for before it."),
        "competition.format_malformed": _("The format file %(file)s is malformed at %(place)s: %(fault)s"),
        "competition.format_refused": _("The format file %(file)s cannot be used; at %(place)s it says:"),
        "competition.weights_off": _("The weights of the rubric %(rubric)s add up to %(total)s, not 100."),
        "competition.rule_malformed": _("The advancement rule is malformed at %(place)s: %(fault)s"),
        "competition.all_with_floors": _(
            "floors: everybody whom no threshold holds back advances, so a floor has no place to keep. Leave it out."
        ),
        "competition.all_with_reserve": _(
            "reserve: everybody whom no threshold holds back advances, so nobody is left for a reserve. Set it to 0."
        ),
        "competition.floor_above_cap": _("At least %(least)s for %(value)s and at most %(most)s cannot both hold."),
        "competition.floors_above_places": _("The floors ask for %(least)s places, and there are %(places)s."),
        "competition.floor_above_track": _("A floor of %(least)s for the track %(value)s, which has %(places)s places."),
        "competition.cap_shuts_all": _("A cap of 0 for all alike shuts everybody out."),
        "competition.floor_above_candidates": _("A floor of %(least)s for %(value)s, and %(count)s can be chosen."),
        "competition.floor_out_of_reach": _("A floor of %(least)s for %(value)s; the caps and places leave %(count)s."),
        "competition.attribute_missing": _("A cap counts by %(by)s, and %(count)s of %(of)s entries do not say theirs."),
        "competition.ranks_disagree": _(
            "In the track %(track)s the rank of %(entry)s (%(track_rank)s) contradicts its overall rank (%(rank)s)."
        ),
        "competition.group_ranks_disagree": _(
            "In the group %(group)s of the track %(track)s the rank of %(entry)s (%(group_rank)s) contradicts its overall rank (%(rank)s)."
        ),
        # outcomes
        "competition.advance_rank": _("Rank %(rank)s of %(of)s; cut after %(cut)s."),
        "competition.advance_rank_in_track": _("Rank %(rank)s of %(of)s in the track %(track)s; cut after %(cut)s."),
        "competition.advance_rank_in_group": _("Rank %(rank)s of %(of)s in group %(group)s of the track %(track)s; cut after %(cut)s."),
        "competition.advance_rank_in_group_alone": _("Rank %(rank)s of %(of)s in group %(group)s; cut after %(cut)s."),
        "competition.advance_score": _("Rank %(rank)s of %(of)s; reached %(score)s points."),
        "competition.advance_floor": _("Rank %(rank)s of %(of)s; among the %(least)s best of %(value)s, for whom places are kept."),
        "competition.reserve": _("Rank %(rank)s of %(of)s; reserve %(number)s."),
        "competition.reserve_in_track": _("Rank %(rank)s of %(of)s in the track %(track)s; reserve %(number)s."),
        "competition.reserve_in_group": _("Rank %(rank)s of %(of)s in group %(group)s of the track %(track)s; reserve %(number)s."),
        "competition.reserve_in_group_alone": _("Rank %(rank)s of %(of)s in group %(group)s; reserve %(number)s."),
        "competition.behind_cut": _("Rank %(rank)s of %(of)s; cut after %(cut)s."),
        "competition.behind_cut_in_track": _("Rank %(rank)s of %(of)s in the track %(track)s; cut after %(cut)s."),
        "competition.behind_cut_in_group": _("Rank %(rank)s of %(of)s in group %(group)s of the track %(track)s; cut after %(cut)s."),
        "competition.behind_cut_in_group_alone": _("Rank %(rank)s of %(of)s in group %(group)s; cut after %(cut)s."),
        "competition.advance_all": _("Rank %(rank)s of %(of)s; no threshold holds it back."),
        "competition.advance_grade": _("Rank %(rank)s of %(of)s; grade “%(grade)s”, from %(least)s points on."),
        "competition.below_grade": _(
            "Rank %(rank)s of %(of)s; grade “%(grade)s”, and advancing begins with the grade “%(from)s” at %(least)s points."
        ),
        "competition.below_every_grade": _(
            "Rank %(rank)s of %(of)s; below every grade, and advancing begins with the grade “%(from)s” at %(least)s points."
        ),
        "competition.below_score": _("Rank %(rank)s of %(of)s; did not reach %(score)s points."),
        "competition.cap_reached": _("Rank %(rank)s of %(of)s; cap of %(max)s for %(value)s reached by ranks %(ranks)s."),
        "competition.cap_inside_tie": _(
            "Rank %(rank)s of %(of)s; the cap of %(max)s for %(value)s leaves %(left)s for %(tied)s of equal rank. The panel decides."
        ),
        "competition.cap_excluded": _(
            "Rank %(rank)s of %(of)s; the cap of %(max)s for %(value)s leaves %(left)s for %(tied)s of equal rank, "
            "so none of them advances."
        ),
        "competition.line_panel": _("Rank %(rank)s of %(of)s; %(tied)s of equal rank for %(places)s places. The panel decides."),
        "competition.line_panel_reserve": _(
            "Rank %(rank)s of %(of)s; %(tied)s of equal rank for %(places)s places in reserve. The panel decides."
        ),
        "competition.line_excluded": _("Rank %(rank)s of %(of)s; %(tied)s of equal rank for %(places)s places, so none of them advances."),
        "competition.line_panel_in_group": _(
            "Rank %(rank)s of %(of)s in group %(group)s of the track %(track)s; %(tied)s of equal rank for %(places)s places. "
            "The panel decides."
        ),
        "competition.line_panel_in_group_alone": _(
            "Rank %(rank)s of %(of)s in group %(group)s; %(tied)s of equal rank for %(places)s places. The panel decides."
        ),
        "competition.line_panel_reserve_in_group": _(
            "Rank %(rank)s of %(of)s in group %(group)s of the track %(track)s; %(tied)s of equal rank for %(places)s places in reserve. "
            "The panel decides."
        ),
        "competition.line_panel_reserve_in_group_alone": _(
            "Rank %(rank)s of %(of)s in group %(group)s; %(tied)s of equal rank for %(places)s places in reserve. The panel decides."
        ),
        "competition.line_excluded_in_group": _(
            "Rank %(rank)s of %(of)s in group %(group)s of the track %(track)s; %(tied)s of equal rank for %(places)s places, "
            "so none of them advances."
        ),
        "competition.line_excluded_in_group_alone": _(
            "Rank %(rank)s of %(of)s in group %(group)s; %(tied)s of equal rank for %(places)s places, so none of them advances."
        ),
        "competition.entry_vetoed": _("A veto item was not passed."),
        "competition.entry_unranked": _("Could not be ranked."),
        "competition.entry_below_threshold": _("A threshold was not reached."),
        # rights
        "competition.role_needed": _("Only these roles can do this: %(roles)s."),
        "competition.evaluators_do_not_decide": _("Evaluators of a competition do not decide in it."),
        "competition.parties_do_not_decide": _("Your organisation takes part in this round, so you do not decide in it."),
        "competition.scores_sealed": _("Totals and ranks are shown once the round is closed."),
        "competition.scores_conflict": _("You have a conflict of interest in this round, so its scores are not shown to you."),
        "competition.not_released": _("The results of this round are not released yet."),
        "competition.round_not_published": _("Nothing of this round is published."),
        "competition.ranks_not_published": _("Ranks are not published."),
        "competition.totals_not_published": _("Totals are not published."),
        "competition.not_yours": _("Only the applicant itself can see this."),
    }
)
