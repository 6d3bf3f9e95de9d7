"""Setting up and publishing a competition."""

from django.utils.translation import gettext_lazy as _

from accounts.labels import ROLE_LABELS
from ledger.reasons import register, register_terms

register_terms("roles", ROLE_LABELS)
register(
    {
        "competition.rules_frozen": _(
            "The call is published and its rules are frozen. Nothing was changed; dates may still be moved on the round's page."
        ),
        "competition.changed_meanwhile": _(
            "Somebody else, or you in another tab, has saved a change since you opened this page. What you typed is still here and not "
            "saved. Look at the present state in a new tab; if you save again now, yours takes its place."
        ),
        "competition.code_taken": _("The code %(code)s is taken. Choose another one."),
        "competition.first_round_fresh": _("The first round needs an intake of its own: there is nothing to carry into it."),
        "competition.last_round": _("A competition has at least one round; this one cannot be removed."),
        "competition.round_at_end": _("The round cannot be moved any further in this direction."),
        "competition.window_reversed": _("The end must come after the beginning. Check the two moments."),
        "competition.judging_before_deadline": _("Judging cannot begin before the deadline for applications."),
        "competition.window_before_last_round": _("This begins before the judging of the round before it ends."),
        "competition.windows_past": _("The round is closed; its dates can no longer be moved."),
        "competition.readmission_reached_unknown": _("Choose a round of a published competition of the same level and region."),
        "competition.readmission_without_intake": _(
            "Round %(round)s takes in nothing of its own, so nobody can enter it from an earlier edition."
        ),
        "competition.readmission_idle": _(
            "No recommendation is asked for, so letting clusters of an earlier edition into the first round changes nothing. "
            "Choose a later round."
        ),
        "competition.readmission_exists": _("There is a rule for this round already."),
        "competition.window_begun": _("This moment has passed; it can no longer be moved."),
        "competition.deadline_forward": _("A deadline that people rely on can only be moved to a later moment."),
        "competition.call_unpublished": _("The call is not published yet."),
        "competition.earlier_round_unreleased": _("Round %(round)s is not released yet."),
        "competition.organiser_zh_missing": _("The organiser's name in Chinese is missing."),
        "competition.organiser_en_missing": _("The organiser's name in English is missing."),
        "competition.contact_missing": _("A contact for questions is missing."),
        "competition.summary_zh_missing": _("The summary of the call in Chinese is missing."),
        "competition.summary_en_missing": _("The summary of the call in English is missing."),
        "competition.region_missing": _("A provincial competition needs its region."),
        "competition.rounds_missing": _("There is no round yet."),
        "competition.round_windows_missing": _("Round %(round)s: opening, deadline, beginning or end of judging is not set."),
        "competition.round_form_missing": _("Round %(round)s has no application form."),
        "competition.last_round_unpublished": _("Round %(round)s is the last: awards need its list to be published."),
        "competition.publication_malformed": _("Choose what is published of this round."),
        "competition.publication_of_nothing": _("Where nobody is listed there are no ranks or totals to publish."),
        "competition.publication_totals_tell_ranks": _("Totals tell the ranks: publish the ranks as well."),
        "competition.grouping_malformed": _("Choose how the groups are made."),
        "competition.grouping_out_of_bounds": _("A group holds at most %(least)s to %(most)s entries."),
        "competition.groups_of_vote": _("Round %(round)s goes by a vote: one jury votes on every entry, so it has no groups."),
        "competition.advancement_without_groups": _("Round %(round)s has no groups, and its rule counts inside each group."),
        "competition.seats_missing": _("At least one evaluator judges each entry."),
        "competition.check_takes_all": _("Round %(round)s is a formal check: whoever passes it goes on, so its rule has to take all."),
        "competition.round_advancement_missing": _("Round %(round)s has no advancement rule."),
        "competition.round_advancement_tracks": _("Round %(round)s: the numbers by track do not fit the tracks (%(tracks)s)."),
        "competition.advancement_track_unknown": _("There is no track %(tracks)s."),
        "competition.advancement_track_missing": _("A number is missing for the track %(tracks)s."),
        "competition.credit_code_taken": _("Another organisation has this credit code. Look for it in the list before you enter it again."),
        "competition.cluster_known": _("A cluster of this name is in the list already."),
        "competition.day_of_other_year": _("Every day of the table has to lie in %(year)s."),
        "competition.year_without_holidays": _("The table of %(year)s holds no day off; a complete year has some."),
    }
)
