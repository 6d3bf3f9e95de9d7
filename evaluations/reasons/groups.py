"""Why groups are not drawn and an entry is not moved."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "evaluations.round_without_groups": _("This round has no groups."),
        "evaluations.groups_by_hand": _("The rules of this round say that groups are set by hand."),
        "evaluations.groups_intake_open": _("The round still takes in applications. Groups are drawn once all entries are known."),
        "evaluations.groups_of_nobody": _("There is no entry to draw yet."),
        "evaluations.groups_fixed": _("Seats are given already (%(count)s), so the groups are fixed."),
        "evaluations.groups_not_drawn": _("The groups are not drawn yet. An entry can be moved by hand afterwards."),
        "evaluations.groups_drawn_meanwhile": _(
            "Somebody has drawn the groups since you opened this page. Nothing was changed: look at them first."
        ),
        "evaluations.groups_entries_changed": _(
            "The entries or their groups have changed since you opened this page (%(before)s entries then, %(count)s now). "
            "Nothing was drawn: look at them first."
        ),
        "evaluations.groups_entries_moving": _("An entry of this round is being changed at this moment. Nothing was done; try again."),
        "evaluations.group_unknown": _("Choose another group of the entry's track, or an entry of one."),
        "evaluations.group_full": _("Group %(group)s is full: it holds at most %(most)s entries. Choose an entry in exchange."),
        "evaluations.entry_without_group": _(
            "The entry is in no group yet. Draw the groups, or place it by hand, before anybody is assigned."
        ),
        "evaluations.assignment_group_short": _(
            "%(group)s: %(size)s entries for a panel of %(seats)s, and by their loads %(able)s evaluators may judge so many. "
            "Raise how many entries an evaluator judges at most."
        ),
        "evaluations.assignment_groups_short": _(
            "Groups of %(size)s entries ask for %(seats)s places on panels; the loads leave room for %(room)s. Raise how many entries an "
            "evaluator judges at most, or enter more evaluators."
        ),
        "evaluations.assignment_groups_unsolved": _(
            "No panels for the groups of %(size)s entries keep the rules about employers, sectors and conflicts."
        ),
        "evaluations.entries_without_group": _("Entries in no group yet: %(count)s. Draw the groups, or place them by hand, first."),
    }
)
