"""The words of this app's reasons, by noun."""

from competition.reasons import applying as _applying  # noqa: F401
from competition.reasons import deciding as _deciding  # noqa: F401
from competition.reasons import documents as _documents  # noqa: F401
from competition.reasons import files as _files  # noqa: F401
from competition.reasons import race as _race  # noqa: F401
from competition.reasons import recommending as _recommending  # noqa: F401
from competition.reasons import registering as _registering  # noqa: F401
from competition.reasons import setup as _setup  # noqa: F401
from competition.reasons import votes as _votes  # noqa: F401
from competition.reasons import webhooks as _webhooks  # noqa: F401
