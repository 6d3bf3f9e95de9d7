"""Which documents there are: their template, their style sheets and who may read them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.domain.reason import Reason


@dataclass(frozen=True)
class DocumentKind:
    """`may_read(user, document)` answers None or the reason against; asked for every download. `prefix` begins the number."""

    name: str
    template: str
    label: Any
    prefix: str
    may_read: Callable[[Any, Any], Reason | None]
    styles: tuple[str, ...] = ("print/page.css",)


_kinds: dict[str, DocumentKind] = {}


def register_kind(kind: DocumentKind) -> None:
    if kind.name in _kinds:
        raise ValueError(f"document kind {kind.name} is registered twice")
    _kinds[kind.name] = kind


def get(name: str) -> DocumentKind:
    return _kinds[name]


def kinds() -> dict[str, DocumentKind]:
    return dict(_kinds)
