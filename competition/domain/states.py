"""The tables of everything in `competition` that has a state. Printed in docs/lifecycles.md.

What time decides is not here: whether a window is open, a period over, an award expired is derived from dates."""

from competition.domain.guards import AtLeast, Holds, NoReason, Nothing, guarded
from competition.domain.lifecycle import Machine, Transition

# What a round's proposal says of an entry (no state: an entry runs, whether it leads or not).
OUTCOMES = ("advance", "reserve", "eliminated", "ineligible", "undecided")

# Publishing freezes form, rubric, scheme, rule and quotas. `missing`: the reasons of the check page.
COMPETITION = Machine(
    "competition",
    "draft",
    (
        Transition("publish", {"draft"}, "published", **guarded(NoReason("missing", "competition.competition_incomplete"))),
        Transition("decide", {"published"}, "decided", **guarded(Nothing("unreleased", "competition.rounds_unreleased"))),
        Transition("archive", {"decided"}, "archived"),
    ),
)

# open: intake. judging: sheets are filled in. closed: sheets locked, standings an immutable snapshot.
ROUND = Machine(
    "round",
    "planned",
    (
        Transition("open", {"planned"}, "open", **guarded(NoReason("missing", "competition.round_incomplete"))),
        Transition(
            "start_judging",
            {"open"},
            "judging",
            **guarded(AtLeast("entries", 1, "competition.round_empty"), Nothing("unanswered", "competition.applications_unanswered")),
        ),
        # `unchecked`: veto items of entries in the race that the organiser has not looked at.
        Transition(
            "close",
            {"judging"},
            "closed",
            **guarded(Nothing("pending", "competition.sheets_pending"), Nothing("unchecked", "competition.checks_open")),
        ),
        # `second_person`: somebody else than the actor has asked for it, with a reason, and the request is open.
        Transition("reopen", {"closed"}, "judging", **guarded(Holds("second_person", "competition.second_person_missing"))),
        # Never by hand: it follows the release of the round's proposal, in the same transaction.
        Transition("release", {"closed"}, "released", **guarded(Holds("proposal_released", "competition.proposal_unreleased"))),
    ),
)

# A refused application stays as it is. After acceptance it is the entry that withdraws.
APPLICATION = Machine(
    "application",
    "draft",
    (
        Transition(
            "submit",
            {"draft"},
            "submitted",
            **guarded(
                NoReason("window", "competition.window_closed"),
                NoReason("organisation", "competition.organisation_unconfirmed"),
                NoReason("recommender", "competition.region_without_quota"),
                NoReason("faults", "competition.answer_missing"),
            ),
        ),
        Transition("return", {"submitted"}, "returned"),
        # A new deadline for the correction, also after the first has passed.
        Transition("extend", {"returned"}, "returned", **guarded(NoReason("intake", "competition.intake_ended"))),
        Transition(
            "resubmit",
            {"returned"},
            "submitted",
            **guarded(NoReason("correction_window", "competition.correction_closed"), NoReason("faults", "competition.answer_missing")),
        ),
        # `recommendation`: what is missing where the competition wants the word of the lead region.
        Transition(
            "accept",
            {"submitted"},
            "accepted",
            **guarded(NoReason("intake", "competition.intake_ended"), NoReason("recommendation", "competition.recommendation_missing")),
        ),
        # A returned one too: its correction may never come.
        Transition("refuse", {"submitted", "returned"}, "refused"),
        Transition("withdraw", {"submitted", "returned"}, "withdrawn"),
        # A new try before the deadline.
        Transition("resume", {"withdrawn"}, "draft", **guarded(NoReason("window", "competition.window_closed"))),
        # Advanced into a round with an intake of its own; follows the release, never by hand.
        Transition("continue", {"accepted"}, "draft"),
    ),
)

# Outcomes are not states: an entry runs, whether it leads or not. It keeps its marks in every state.
ENTRY = Machine(
    "entry",
    "running",
    (
        Transition("suspend", {"running"}, "suspended"),
        Transition("resume", {"suspended"}, "running", **guarded(Nothing("open_objections", "competition.objections_open"))),
        Transition("withdraw", {"running", "suspended"}, "withdrawn"),
        # Its round is judged and nothing was accepted for it; follows the start of judging, never by hand.
        Transition("lapse", {"running", "suspended"}, "withdrawn"),
        Transition("disqualify", {"running", "suspended"}, "disqualified"),
    ),
)

# A suspended one is judged on.
IN_RACE = ("running", "suspended")
# For good.
GONE = ("withdrawn", "disqualified")

# `stale`: reasons why the proposal no longer stands on the round's snapshot, list and rule.
# `signatures`: different people whose signature holds for the digest as it is now.
PROPOSAL = Machine(
    "proposal",
    "draft",
    (
        Transition("table", {"draft"}, "tabled", **guarded(NoReason("stale", "competition.proposal_stale"))),
        Transition(
            "release",
            {"tabled"},
            "released",
            **guarded(
                NoReason("stale", "competition.proposal_stale"),
                Holds("meeting", "competition.meeting_missing"),
                Nothing("undecided", "competition.outcomes_undecided"),
                Nothing("conditions_past", "competition.conditions_past"),
                AtLeast("signatures", 2, "competition.signatures_missing"),
            ),
        ),
        Transition("void", {"draft", "tabled"}, "void"),
    ),
)

# Whether its period runs or has ended is derived from its days.
NOTICE = Machine("notice", "published", (Transition("withdraw", {"published"}, "withdrawn"),))

OBJECTION = Machine(
    "objection",
    "open",
    (
        Transition("uphold", {"open"}, "upheld"),
        Transition("reject", {"open"}, "rejected"),
        Transition("withdraw", {"open"}, "withdrawn"),
    ),
)

# An award exists only after publicity, so it begins valid; that it has expired is derived from its last day.
AWARD = Machine("award", "valid", (Transition("revoke", {"valid"}, "revoked"),))

# An organisation that registers itself. Refused, it may be corrected; its cluster has to be free again then.
_FREE = guarded(NoReason("obstacles", "competition.registration_cluster_taken"))
REGISTRATION = Machine(
    "registration",
    "pending",
    (
        Transition("confirm", {"pending"}, "confirmed", **_FREE),
        Transition("refuse", {"pending"}, "refused"),
        Transition("resubmit", {"refused"}, "pending", **_FREE),
        Transition("withdraw", {"pending"}, "withdrawn"),
    ),
)

# What the lead region says of an application, where the competition asks for it. `window`: its own deadline, by the server's clock.
# `place`: the region's account, counted under its lock. Taken back, the place is free again.
_ASKED = (NoReason("window", "competition.recommendation_closed"), NoReason("application", "competition.recommendation_settled"))
RECOMMENDATION = Machine(
    "recommendation",
    "waiting",
    (
        Transition("recommend", {"waiting"}, "recommended", **guarded(*_ASKED, NoReason("place", "competition.quota_used_up"))),
        Transition("decline", {"waiting"}, "declined", **guarded(*_ASKED)),
        Transition("withdraw", {"recommended", "declined"}, "waiting", **guarded(*_ASKED)),
        # Follows the withdrawal of the application, never by hand.
        Transition("free", {"recommended", "declined"}, "waiting"),
    ),
)

# What a chosen entry must still show. Ruled missed only once its day is over; missed, its titles are revoked in the same transaction.
_IN_RACE = Holds("in_race", "competition.condition_entry_left")
CONDITION = Machine(
    "condition",
    "open",
    (
        Transition("meet", {"open"}, "met", **guarded(_IN_RACE)),
        Transition("extend", {"open"}, "open", **guarded(_IN_RACE)),
        Transition("miss", {"open"}, "missed", **guarded(_IN_RACE, Holds("day_over", "competition.condition_not_due"))),
    ),
)

MACHINES = (COMPETITION, ROUND, APPLICATION, ENTRY, PROPOSAL, NOTICE, OBJECTION, AWARD, REGISTRATION, RECOMMENDATION, CONDITION)
