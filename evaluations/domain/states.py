"""The state machines of the judging."""

from competition.domain.lifecycle import Machine, Transition

ASSIGNMENT = Machine(
    "assignment",
    "proposed",
    (
        Transition("publish", {"proposed"}, "published"),
        Transition("confirm", {"published"}, "confirmed"),
        Transition("recuse", {"published", "confirmed"}, "recused"),
        Transition("replace", {"published", "confirmed", "recused"}, "replaced"),
        Transition("waive", {"published", "confirmed", "recused"}, "waived"),
    ),
)

SHEET = Machine(
    "sheet",
    "draft",
    (
        Transition(
            "submit",
            {"draft", "returned"},
            "submitted",
            lambda facts: tuple(facts["against_submission"]),
            ("against_submission",),
        ),
        Transition("return", {"submitted"}, "returned"),
        Transition("lock", {"submitted"}, "locked"),
        Transition("unlock", {"locked"}, "submitted"),
        Transition("void", {"draft", "submitted", "returned"}, "void"),
    ),
)

MACHINES = (ASSIGNMENT, SHEET)
