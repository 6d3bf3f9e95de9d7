"""What the schema of the API calls sets of codes: by the table that they come from, so that no name hangs on a field's."""

STATES = {
    "competition.domain.states": (
        "COMPETITION",
        "ROUND",
        "APPLICATION",
        "ENTRY",
        "REGISTRATION",
        "RECOMMENDATION",
        "PROPOSAL",
        "OBJECTION",
        "AWARD",
        "CONDITION",
    ),
    "evaluations.domain.states": ("ASSIGNMENT", "SHEET"),
}


def enum_names() -> dict[str, str]:
    found = {f"{name.title()}State": f"{module}.{name}.states" for module, names in STATES.items() for name in names}
    return found | {"JobState": "jobs.models.Job.State", "Outcome": "competition.domain.states.OUTCOMES"}
