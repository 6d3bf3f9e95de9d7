"""What codes are called where staff or the public read them. Logic never asks for a label."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

OUTCOMES = {
    "advance": pgettext_lazy("outcome", "Advances"),
    "reserve": pgettext_lazy("outcome", "Reserve"),
    "eliminated": pgettext_lazy("outcome", "Does not advance"),
    "ineligible": pgettext_lazy("outcome", "Not eligible"),
    "undecided": pgettext_lazy("outcome", "Undecided"),
}
# In the last round nobody goes on: those inside the line are chosen.
LAST_OUTCOMES = OUTCOMES | {"advance": pgettext_lazy("outcome", "Chosen"), "eliminated": pgettext_lazy("outcome", "Not chosen")}
# Of a formal check.
CHECK_OUTCOMES = OUTCOMES | {"advance": pgettext_lazy("formal check", "Passed"), "ineligible": pgettext_lazy("formal check", "Not passed")}
# Kinds of `{% pill %}` and of the marks in charts.
# Once the title is given.
AWARDED = pgettext_lazy("outcome", "Awarded")
OUTCOME_PILLS = {"advance": "in", "reserve": "reserve", "eliminated": "out", "ineligible": "out", "undecided": "undecided"}
OUTCOME_MARKS = {"advance": "in", "reserve": "reserve"}

PROPOSAL_STATES = {
    "draft": pgettext_lazy("proposal", "Draft"),
    "tabled": pgettext_lazy("proposal", "Tabled"),
    "released": pgettext_lazy("proposal", "Released"),
    "void": pgettext_lazy("proposal", "Void"),
}
PROPOSAL_PILLS = {"draft": "", "tabled": "undecided", "released": "ok", "void": "out"}
ROUND_STATES = {
    "planned": pgettext_lazy("round", "Planned"),
    "open": pgettext_lazy("round", "Taking applications"),
    "judging": pgettext_lazy("round", "Being judged"),
    "closed": pgettext_lazy("round", "Closed"),
    "released": pgettext_lazy("round", "Released"),
}
ROUND_PILLS = {"planned": "", "open": "in", "judging": "in", "closed": "undecided", "released": "ok"}
OBJECTION_STATES = {
    "open": pgettext_lazy("objection", "Open"),
    "upheld": pgettext_lazy("objection", "Upheld"),
    "rejected": pgettext_lazy("objection", "Rejected"),
    "withdrawn": pgettext_lazy("objection", "Withdrawn"),
}
OBJECTION_PILLS = {"open": "warn", "upheld": "err", "rejected": "out", "withdrawn": "out"}
REGISTRATION_STATES = {
    "pending": pgettext_lazy("registration", "Being examined"),
    "confirmed": pgettext_lazy("registration", "Confirmed"),
    "refused": pgettext_lazy("registration", "Refused"),
    "withdrawn": pgettext_lazy("registration", "Withdrawn"),
}
REGISTRATION_PILLS = {"pending": "warn", "confirmed": "ok", "refused": "err", "withdrawn": "out"}
RECOMMENDATION_STATES = {
    "waiting": pgettext_lazy("word of a region", "Waits for the region"),
    "recommended": pgettext_lazy("word of a region", "Recommended"),
    "declined": pgettext_lazy("word of a region", "Not recommended"),
}
RECOMMENDATION_PILLS = {"waiting": "warn", "recommended": "ok", "declined": "out"}
CONDITION_STATES = {
    "open": pgettext_lazy("condition", "To be met"),
    "met": pgettext_lazy("condition", "Met"),
    "missed": pgettext_lazy("condition", "Not met"),
}
CONDITION_PILLS = {"open": "warn", "met": "ok", "missed": "err"}
OBJECTORS = {"person": pgettext_lazy("objector", "A person"), "organisation": pgettext_lazy("objector", "An organisation")}
ENTRY_STATES = {
    "running": pgettext_lazy("entry", "In the race"),
    "suspended": pgettext_lazy("entry", "Suspended"),
    "withdrawn": pgettext_lazy("entry", "Withdrawn"),
    "disqualified": pgettext_lazy("entry", "Disqualified"),
}
TITLES = {
    "cluster": _("Advanced manufacturing cluster"),
    "organisation": _("Cluster promotion organisation"),
    "core_park": _("Core park of a cluster"),
}
MACRO_REGIONS = {
    "east": pgettext_lazy("macro region", "East"),
    "central": pgettext_lazy("macro region", "Central"),
    "west": pgettext_lazy("macro region", "West"),
    "northeast": pgettext_lazy("macro region", "Northeast"),
}
# What caps and floors of an advancement rule count by.
GROUPINGS = {
    "track": _("track"),
    "macro_region": _("part of the country"),
    "region": _("region"),
    "sector": _("sector"),
    "recommender": _("recommender"),
}
STEP_ENTERED = pgettext_lazy("step", "Applied")


def outcomes(round) -> dict:
    """The words for outcomes of this round: in the last one nobody goes on, a formal check is passed or not."""
    if round.checks_only:
        return CHECK_OUTCOMES
    following = any(other.order > round.order for other in round.competition.rounds.all())
    return OUTCOMES if following else LAST_OUTCOMES


WEBHOOK_EVENTS = {
    "competition.published": pgettext_lazy("event", "The call is published"),
    "round.opened": pgettext_lazy("event", "A round takes applications"),
    "round.judging_started": pgettext_lazy("event", "The judging of a round begins"),
    "round.closed": pgettext_lazy("event", "A round is closed"),
    "result.released": pgettext_lazy("event", "The result of a round is released"),
    "award.issued": pgettext_lazy("event", "Awards are given"),
    "award.revoked": pgettext_lazy("event", "An award is revoked"),
    "competition.decided": pgettext_lazy("event", "The competition is decided"),
}
DELIVERY_STATES = {
    "waiting": pgettext_lazy("delivery", "On its way"),
    "delivered": pgettext_lazy("delivery", "Delivered"),
    "failed": pgettext_lazy("delivery", "Given up"),
}
DELIVERY_PILLS = {"waiting": "", "delivered": "ok", "failed": "err"}
DELIVERY_FAULTS = {
    "timeout": pgettext_lazy("delivery", "no answer in time"),
    "no_answer": pgettext_lazy("delivery", "no connection"),
    "ended": pgettext_lazy("delivery", "the webhook ended"),
    "webhook_unknown_host": pgettext_lazy("delivery", "nobody knows the host"),
    "webhook_inside": pgettext_lazy("delivery", "the host is in an inner network"),
    "webhook_https": pgettext_lazy("delivery", "not https"),
    "webhook_address": pgettext_lazy("delivery", "no address"),
}


def list_name(track, group: int | None) -> str:
    """What a list of standings is called: of a track (None: none), of one of its groups, or ("") of everybody."""
    words = [str(track)] if track else []
    if group:
        words.append(gettext("Group %(number)s") % {"number": group})
    return " · ".join(words)


# What the yes votes of a jury are a part of.
VOTE_BASES = {
    "cast": pgettext_lazy("basis of a majority", "the yes and no votes"),
    "present": pgettext_lazy("basis of a majority", "the ballots handed in"),
    "members": pgettext_lazy("basis of a majority", "those who may vote"),
}
ANSWERS = {"yes": pgettext_lazy("a vote", "Yes"), "no": pgettext_lazy("a vote", "No"), "abstain": pgettext_lazy("a vote", "Abstain")}
