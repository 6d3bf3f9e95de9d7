"""The roles of the house and the texts that say where a role holds."""

ORGANISER = "organiser"
DECIDER = "decider"
SUPERVISOR = "supervisor"
EVALUATOR = "evaluator"
RECOMMENDER = "recommender"
APPLICANT = "applicant"
OPERATOR = "operator"

ROLES = (ORGANISER, DECIDER, SUPERVISOR, EVALUATOR, RECOMMENDER, APPLICANT, OPERATOR)

# Only one of these in one competition (docs/architecture.md).
SIDES = frozenset({APPLICANT, EVALUATOR, DECIDER, SUPERVISOR})

SECOND_FACTOR_ROLES = frozenset({ORGANISER, DECIDER, SUPERVISOR})

EVERYWHERE = "*"
SCOPE_KINDS = ("competition", "region", "organisation")

# Which roles the invitation page offers in which kind of place.
ROLES_AT = {
    "competition": (ORGANISER, EVALUATOR, APPLICANT, RECOMMENDER, DECIDER, SUPERVISOR),
    "region": (RECOMMENDER,),
    "organisation": (APPLICANT,),
    EVERYWHERE: (ORGANISER, OPERATOR, SUPERVISOR, DECIDER),
}
