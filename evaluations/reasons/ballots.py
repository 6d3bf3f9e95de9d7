"""Why something about a jury and its ballots is refused."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "evaluations.ballot_answer_unknown": _("Choose yes, no or abstain."),
        "evaluations.ballot_missing": _("You have not voted yet. Choose yes, no or abstain."),
        "evaluations.ballot_not_printed": _("A ballot has no score sheet: it is printed as a ballot."),
        "evaluations.carry_of_vote": _("Round %(round)s: the scheme carries in “%(code)s”, which is decided by a vote and gives no total."),
        "evaluations.jury_without_vote": _("This round is not decided by a vote of a jury."),
        "evaluations.jury_empty": _("Choose at least one member."),
        "evaluations.jury_stranger": _("Somebody chosen is not in the pool of this competition any more. Load the page again."),
        "evaluations.vote_not_analysed": _("This round is decided by a vote: there are no marks to analyse."),
    }
)
