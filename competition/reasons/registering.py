from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "competition.organisation_unconfirmed": _(
            "Your organisation is not confirmed yet. The draft is kept; you may submit it as soon as the recommender of your region or an "
            "organiser has confirmed the registration."
        ),
        "competition.organisation_closed": _("Colleagues can be invited as soon as the registration of your organisation is confirmed."),
        "competition.colleague_on_another_side": _(
            "Somebody of your organisation has another part in this competition, so it cannot apply here. Write to the organiser."
        ),
        "competition.registration_own": _("Nobody decides about their own registration; another person has to."),
        "competition.registration_pending": _(
            "You have sent a registration that is still being examined. Wait for the answer or withdraw it."
        ),
        "competition.registrations_many": _(
            "At most %(most)s registrations are taken from one person in %(days)s days. Write to the organiser."
        ),
        "competition.registration_settled": _("This registration is not open for correction."),
        "competition.registration_begun": _(
            "You have begun a draft for this cluster, so the registration keeps it. Correct its names instead."
        ),
        "competition.registration_cluster_taken": _(
            "Another organisation speaks for this cluster. If it is yours, ask its members to invite you, or write to the organiser."
        ),
        "competition.registration_cluster_listed": _("This cluster is in the list above: choose it there."),
        "competition.credit_code_registered": _(
            "An organisation with this code is registered already. Ask its members to invite you; where you know none, write to the "
            "organiser."
        ),
    }
)
