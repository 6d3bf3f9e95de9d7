"""Which actions there are. Each app registers its own at start-up; what is not registered cannot be recorded."""

from collections.abc import Mapping
from types import MappingProxyType

from ledger.domain.names import check_action

_labels: dict[str, str] = {}


class UnknownAction(LookupError):
    def __str__(self) -> str:
        return f"no action {self.args[0]!r} is registered with ledger.actions"


def register(code: str, label: str) -> str:
    """`code` is ``noun.verb``, `label` a translated text in the past tense (“Application submitted”). Returns the code."""
    check_action(code)
    if code in _labels:
        raise ValueError(f"action {code} is registered twice")
    _labels[code] = label
    return code


def require(code: str) -> str:
    if code not in _labels:
        raise UnknownAction(code)
    return code


def label(code: str) -> str:
    """In the language under way. A code that an older version recorded and no app knows any more stands for itself."""
    return str(_labels.get(code, code))


def registered() -> Mapping[str, str]:
    return MappingProxyType(_labels)
