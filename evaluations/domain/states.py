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
        # By its evaluator, where a question about it is open.
        Transition(
            "correct",
            {"submitted"},
            "returned",
            lambda facts: tuple(facts["against_correction"]),
            ("against_correction",),
        ),
        Transition("lock", {"submitted"}, "locked"),
        Transition("unlock", {"locked"}, "submitted"),
        Transition("void", {"draft", "submitted", "returned"}, "void"),
    ),
)

# A question about a submitted version whose total nobody expected.
FLAG = Machine(
    "flag",
    "open",
    (
        Transition("confirm", {"open"}, "confirmed", lambda facts: tuple(facts["against_answer"]), ("against_answer",)),
        # Follows the sheet, which is open again in the same transaction.
        Transition("correct", {"open"}, "corrected"),
    ),
)

MACHINES = (ASSIGNMENT, SHEET, FLAG)
