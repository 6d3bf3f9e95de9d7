"""The undertaking that an evaluator signs once per round. Its digest is of the text as it was shown."""

from django.utils.translation import gettext as _


def paragraphs(round) -> list[str]:
    """In the language of the moment. A change of wording changes the digest, never what was signed before."""
    names = {"competition": str(round.competition), "round": str(round)}
    return [
        _("I judge in “%(competition)s”, %(round)s, and undertake:") % names,
        _("I judge by the published rubric and the accepted materials alone, by myself, and give each entry the same care."),
        _("I have told of every interest that binds me to an entry or a cluster, and recuse myself as soon as one comes to light."),
        _("I do not pass on or copy materials, marks, or the names of entries and of other evaluators, also after the round is over."),
        _("I accept no gift and no invitation from whoever takes part, and report each attempt to the supervisor."),
        _("I know that what I submit is kept with its time, and can be changed only where the organiser returns it with a reason."),
    ]


def text_of(round) -> str:
    return "\n".join(paragraphs(round))
