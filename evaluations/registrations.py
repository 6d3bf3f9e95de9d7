"""Everything this app registers at start-up, in one place; each noun's file does its own."""

from evaluations import deeds as _deeds  # noqa: F401
from evaluations import parts as _parts  # noqa: F401
