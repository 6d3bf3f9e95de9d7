"""The words of this app's reasons, by noun."""

from evaluations.reasons import analysis as _analysis  # noqa: F401
from evaluations.reasons import ballots as _ballots  # noqa: F401
from evaluations.reasons import findings as _findings  # noqa: F401
from evaluations.reasons import groups as _groups  # noqa: F401
from evaluations.reasons import judging as _judging  # noqa: F401
from evaluations.reasons import rubrics as _rubrics  # noqa: F401
from evaluations.reasons import scoring as _scoring  # noqa: F401
