"""The ballots on one entry as a bar: yes, no, abstained, not handed in."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from competition.documents.charts import svg
from competition.documents.charts.svg import IN, PAPER, SEQUENCE, drawing, rect

PARTS = (("c-in-fill", IN), ("c-out-fill", PAPER), ("q1", SEQUENCE[1]))


def ballots(counts, *, width=160, height=14) -> SafeString:
    """`counts`: a domain `Ballots`. What is left of the bar has not voted."""
    members = max(counts.members, 1)
    content, x = [rect(0.5, 0.5, width - 1, height - 1, "c-band", SEQUENCE[0], 2)], 0.0
    for (cls, fill), number in zip(PARTS, (counts.yes, counts.no, counts.abstain), strict=True):
        long = width * number / members
        content.append(rect(x + 0.5, 0.5, long - 1, height - 1, cls, fill, 2))
        x += long
    return drawing(width, height, content, votes_in_words(counts), cls="ballot-bar")


def votes_in_words(counts) -> str:
    return _("%(yes)s yes, %(no)s no, %(abstain)s abstained, %(voted)s of %(members)s voted") % {
        "yes": counts.yes,
        "no": counts.no,
        "abstain": counts.abstain,
        "voted": counts.voted,
        "members": counts.members,
    }


def ballots_legend() -> SafeString:
    names = (_("yes"), _("no"), _("abstained"))
    marks = [(rect(2, 1, 20, 10, *PARTS[place], 2), name, "") for place, name in enumerate(names)]
    return svg.legend([*marks, (rect(2, 1, 20, 10, "c-band", SEQUENCE[0], 2), _("not voted"), "")])
