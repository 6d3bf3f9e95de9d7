"""What is said of a vote: why an entry advances, does not, or is left to the deciding body."""

from django.utils.translation import gettext_lazy as _

from competition.labels import VOTE_BASES
from ledger.reasons import register, register_terms

register_terms("basis", VOTE_BASES)
register(
    {
        "competition.advance_vote": _(
            "%(voted)s of %(members)s voted: %(yes)s yes, %(no)s no, %(abstain)s abstained; more than %(majority)s of %(basis)s."
        ),
        "competition.advance_vote_excused": _(
            "%(voted)s of %(members)s voted, %(excused)s excused for a conflict of interest and not counted: "
            "%(yes)s yes, %(no)s no, %(abstain)s abstained; more than %(majority)s of %(basis)s."
        ),
        "competition.advance_vote_all": _(
            "%(voted)s of %(members)s voted: %(yes)s yes, %(no)s no, %(abstain)s abstained; all of %(basis)s."
        ),
        "competition.advance_vote_all_excused": _(
            "%(voted)s of %(members)s voted, %(excused)s excused for a conflict of interest and not counted: "
            "%(yes)s yes, %(no)s no, %(abstain)s abstained; all of %(basis)s."
        ),
        "competition.vote_short": _(
            "%(voted)s of %(members)s voted: %(yes)s yes, %(no)s no, %(abstain)s abstained; not more than %(majority)s of %(basis)s."
        ),
        "competition.vote_short_excused": _(
            "%(voted)s of %(members)s voted, %(excused)s excused for a conflict of interest and not counted: "
            "%(yes)s yes, %(no)s no, %(abstain)s abstained; not more than %(majority)s of %(basis)s."
        ),
        "competition.vote_short_all": _(
            "%(voted)s of %(members)s voted: %(yes)s yes, %(no)s no, %(abstain)s abstained; not all of %(basis)s."
        ),
        "competition.vote_short_all_excused": _(
            "%(voted)s of %(members)s voted, %(excused)s excused for a conflict of interest and not counted: "
            "%(yes)s yes, %(no)s no, %(abstain)s abstained; not all of %(basis)s."
        ),
        "competition.vote_inquorate": _("%(voted)s of %(members)s voted; the quorum of %(quorum)s is not reached: undecided."),
        "competition.vote_inquorate_excused": _(
            "%(voted)s of %(members)s voted, %(excused)s excused for a conflict of interest and not counted; "
            "the quorum of %(quorum)s is not reached: undecided."
        ),
        "competition.vote_behind": _(
            "%(voted)s of %(members)s voted: %(yes)s yes, %(no)s no, %(abstain)s abstained; a majority, "
            "but rank %(rank)s of %(of)s by yes votes, and at most %(cut)s advance."
        ),
        "competition.vote_behind_excused": _(
            "%(voted)s of %(members)s voted, %(excused)s excused for a conflict of interest and not counted: "
            "%(yes)s yes, %(no)s no, %(abstain)s abstained; a majority, "
            "but rank %(rank)s of %(of)s by yes votes, and at most %(cut)s advance."
        ),
        "competition.quorum_above_jury": _(
            "Round %(round)s: take.vote.quorum asks for %(quorum)s ballots, and the jury has %(seats)s members."
        ),
        "competition.vote_absent": _("No ballots are known of this entry."),
        "competition.vote_with_floors": _(
            "floors: everybody with a majority advances, so a floor has no place to keep. Leave it out, or say how many advance at most."
        ),
        "competition.vote_with_reserve": _(
            "reserve: everybody with a majority advances, so nobody is left for a reserve. Set it to 0, or say how many advance at most."
        ),
    }
)
