"""Why something about an evaluator, a seat or a score sheet is refused."""

from django.utils.translation import gettext_lazy as _

from evaluations.labels import CONFLICT_KINDS
from ledger.reasons import register, register_terms

register_terms("kinds", CONFLICT_KINDS)

register(
    {
        "evaluations.no_profile": _("You are not in the pool of evaluators yet. Ask the organiser of the competition to enter you."),
        "evaluations.conflict_kind_unknown": _("Choose what kind of conflict it is."),
        "evaluations.conflict_declared": _("This conflict has been declared already."),
        "evaluations.conflict_person": _("This person has no part in the competition. Invite the person first."),
        "evaluations.nobody_to_enrol": _("Everybody invited as evaluator is in the pool already."),
        "evaluations.not_invited": _("This person is not an evaluator of the competition. Invite the person first."),
        "evaluations.extension_short": _("The seat's own deadline has to lie after the end of judging, %(closes)s."),
        "evaluations.sheet_not_submitted": _("The score sheet has not been submitted, so there is nothing to print yet."),
        "evaluations.seat_of_another": _("This seat belongs to another evaluator."),
        "evaluations.conflict": _("%(evaluator)s is bound to this cluster (%(kinds)s) and cannot judge it."),
        "evaluations.conflict_blind": _("Something on file binds you to this entry, so you cannot judge it. The organiser fills the seat."),
        "evaluations.not_evaluator_here": _("%(evaluator)s is not an active evaluator of this competition. Invite the person first."),
        "evaluations.entry_not_running": _("The entry has left the race or is suspended."),
        "evaluations.entry_nothing_to_judge": _("Not ranked: nothing was submitted and accepted for this round."),
        "evaluations.entry_without_revision": _("Nothing of this entry has been accepted in this round yet, so there is nothing to judge."),
        "evaluations.round_not_open": _("Seats are assigned while the round takes applications or is judged."),
        "evaluations.round_checks_only": _("This round is a formal check by the organiser: it has no evaluators."),
        "evaluations.seat_taken": _("%(evaluator)s has or had a seat at this entry already."),
        "evaluations.seat_published": _("The seat has been published. Replace the evaluator or waive the seat instead."),
        "evaluations.seat_left": _("The seat has been given up; there is no deadline to extend."),
        "evaluations.nothing_to_publish": _("There is no proposed seat to publish. Assign evaluators first."),
        "evaluations.nothing_to_assign": _("No entry of this round has been accepted yet, so there is nothing to assign."),
        "evaluations.undertaking_changed": _(
            "The undertaking reads otherwise than the text with this digest. Read it again, then sign it."
        ),
        "evaluations.undertaking_missing": _("Sign the undertaking of this round first."),
        "evaluations.judging_not_open": _("The round is not being judged now, so marks cannot change."),
        "evaluations.sheet_not_editable": _("This score sheet is not open to changes."),
        "evaluations.sheet_conflict": _("The sheet was saved elsewhere meanwhile. Your marks are still here: compare and save again."),
        "evaluations.save_unreadable": _("What arrived could not be read. Load the page again; your marks stay on this device."),
        "evaluations.criterion_unknown": _("These criteria are not marked on this sheet: %(codes)s."),
        "evaluations.sheet_mark_not_a_number": _("%(criterion)s: enter a number with at most two decimals."),
        "evaluations.sheet_mark_out_of_bounds": _("%(criterion)s: the mark lies outside its bounds (most %(most)s)."),
        "evaluations.sheet_points_out_of_bounds": _("%(criterion)s: the points lie from %(least)s to %(most)s."),
        "evaluations.sheet_mark_off_step": _("%(criterion)s: marks go in steps of %(step)s."),
        "evaluations.marks_missing": _("%(count)s criteria have neither a mark nor an abstention: %(codes)s."),
    }
)
