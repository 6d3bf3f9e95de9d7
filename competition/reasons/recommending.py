"""Why a region's word is missing, or is not taken."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "competition.recommendation_missing": _("The region has not recommended it; nothing is accepted without that."),
        "competition.recommendation_declined": _("The region does not recommend it, so it cannot be accepted."),
        "competition.recommendation_closed": _("The deadline for recommendations has passed: %(due)s (Beijing time)."),
        "competition.recommendation_settled": _("The application is not waiting any more: it was answered by the organiser or withdrawn."),
        "competition.recommendation_own": _("Nobody recommends an application of their own; another recommender of the region has to."),
        "competition.recommendation_conflict": _(
            "You are bound to this cluster by a declared conflict of interest; another recommender of the region has to."
        ),
        "competition.evaluators_do_not_recommend": _("Whoever judges in this competition recommends nobody in it."),
        "competition.quota_used_up": _(
            "All places of the region are taken: %(used)s of %(places)s. Take another recommendation back first."
        ),
        "competition.nomination_not_chosen": _(
            "Only an entry that was chosen in the last round of its province, and is in force, is nominated."
        ),
        "competition.nomination_no_feeder": _("This provincial competition does not feed the edition."),
        "competition.feeders_of_nation_only": _("Only a national edition that is not decided yet is fed by provinces."),
        "competition.feeder_unknown": _("Choose published competitions of provinces."),
        "competition.feeder_used": _("Something was nominated from a competition that you leave out; it has to stay."),
        "competition.nothing_recommended": _("The region recommends nothing yet, so there is no letter to write."),
        "competition.opinion_missing": _("Write the region's opinion: it goes to the organiser and into the letter."),
        "competition.preference_changed": _(
            "Something was recommended, taken back or moved since this page was opened. Look at the present order and set yours again."
        ),
        "competition.region_without_quota": _(
            "The lead region of this cluster has no places in this competition, so nobody can recommend it. Write to the organiser."
        ),
        "competition.quota_region_unknown": _("This region has no part in this competition."),
        "competition.quotas_missing": _("Recommendation is required and no region has places."),
        "competition.recommendation_deadline_missing": _("The deadline for recommendations is missing."),
        "competition.recommendation_before_intake": _(
            "The deadline for recommendations must not lie before the one for applications: what comes in last has to be read, too."
        ),
        "competition.recommendation_after_judging": _("The deadline for recommendations must not lie after the beginning of judging."),
    }
)
