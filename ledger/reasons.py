"""The words of reasons. Codes travel and are stored; sentences are made here, in the language under way."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ledger.domain.reason import Reason

_texts: dict[str, Any] = {}
_terms: dict[str, Mapping[str, Any]] = {}
_terms_by: dict[str, tuple[str, Mapping[str, Callable[[], Mapping[str, Any]]]]] = {}


class UnknownReason(LookupError):
    def __str__(self) -> str:
        return f"no text for reason {self.args[0]!r} is registered with ledger.reasons"


def register(texts: Mapping[str, Any]) -> None:
    """`texts` maps ``app.noun_fault`` to a lazy text; ``%(name)s`` takes a param, ``ngettext_lazy(…, "count")`` counts by one. A param
    may be a list, a code (see `register_terms`) or a name in both languages, ``{"zh": …, "en": …}``."""
    for code, text in texts.items():
        if code in _texts:
            raise ValueError(f"reason {code} is registered twice")
        _texts[code] = text


def register_terms(param: str, words: Mapping[str, Any]) -> None:
    """How the codes that stand in this param of any reason are said: ``register_terms("roles", {"organiser": _("Organiser")})``."""
    if param in _terms:
        raise ValueError(f"the words for {param} are registered twice")
    _terms[param] = words


def register_terms_by(param: str, by: str, words: Mapping[str, Callable[[], Mapping[str, Any]]]) -> None:
    """Where what a param's codes mean hangs on another param: ``register_terms_by("value", "by", {"region": names})`` says the value of
    a reason whose ``by`` is ``region`` by ``names()``, asked when it is said: cheap, and without a database."""
    if param in _terms_by:
        raise ValueError(f"the words for {param} are registered twice")
    _terms_by[param] = by, words


def registered() -> Mapping[str, Any]:
    return MappingProxyType(_texts)


def say(reason: Reason) -> str:
    """One sentence. An unknown code raises UnknownReason, a missing param KeyError: both are faults of ours."""
    try:
        text = _texts[reason.code]
    except KeyError:
        raise UnknownReason(reason.code) from None
    return str(text % {name: _shown(value, _words_for(name, reason.params)) for name, value in reason.params.items()})


def _words_for(name: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    by, words = _terms_by.get(name, ("", {}))
    reader = words.get(params.get(by)) if by else None
    return reader() if reader else _terms.get(name, {})


def _shown(value: Any, words: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        # Translators: joins the items of a list inside a sentence.
        return _(", ").join(str(_shown(item, words)) for item in value)
    if isinstance(value, Mapping):
        # A name that is written in both languages: {"zh": …, "en": …}.
        return value["en" if (get_language() or "").startswith("en") else "zh"] or value["zh"]
    if isinstance(value, str):
        return words.get(value, value)
    return "" if value is None else value


register(
    {
        "ledger.trigger_missing": gettext_lazy(
            "The database no longer protects the ledger: trigger %(name)s is missing. Restore it with the latest ledger migration."
        ),
        "ledger.record_altered": gettext_lazy("Record %(record)s does not match its digest: it was changed after it was written."),
        "ledger.record_unreadable": gettext_lazy("Record %(record)s cannot be read: it was changed after it was written."),
        "ledger.record_missing": gettext_lazy("Record %(record)s is listed in seal %(seal)s and no longer exists."),
        "ledger.record_swapped": gettext_lazy("Record %(record)s is not the one that seal %(seal)s lists at position %(position)s."),
        "ledger.position_wrong": gettext_lazy("Seal %(seal)s has no record at position %(position)s."),
        "ledger.entry_orphaned": gettext_lazy("Record %(record)s is listed in seal %(seal)s, and there is no such seal."),
        "ledger.private_altered": gettext_lazy("The private text “%(key)s” of record %(record)s does not match its digest."),
        "ledger.private_lost": gettext_lazy("The private text “%(key)s” of record %(record)s is gone, and no record says who erased it."),
        "ledger.private_unknown": gettext_lazy("Record %(record)s does not know of the private text “%(key)s” stored for it."),
        "ledger.seal_missing": gettext_lazy("Seal %(seal)s is missing."),
        "ledger.seal_unreadable": gettext_lazy("Seal %(seal)s cannot be read: it was changed after it was made."),
        "ledger.seal_unlinked": gettext_lazy("Seal %(seal)s does not follow from the seal before it."),
        "ledger.seal_size": gettext_lazy("Seal %(seal)s closed over %(expected)s records, and %(found)s are there."),
        "ledger.seal_root": gettext_lazy("The records of seal %(seal)s do not make its Merkle root."),
        "ledger.seal_altered": gettext_lazy("Seal %(seal)s does not match its hash."),
        "ledger.renewal_differs": gettext_lazy(
            "Record %(record)s says what all records up to seal %(seal)s are worth under another hash function, and they are not."
        ),
        "ledger.anchor_missing": gettext_lazy(
            "Anchor: seal %(seal)s does not exist, the ledger ends at seal %(newest)s. Some are cut off."
        ),
        "ledger.anchor_differs": gettext_lazy("Anchor: seal %(seal)s has the hash %(found)s, not %(expected)s. The ledger was rewritten."),
    }
)
