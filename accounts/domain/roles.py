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
