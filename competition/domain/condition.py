"""What a chosen entry must still show before its title counts without reserve."""

from dataclasses import dataclass
from datetime import date

from ledger.domain.reason import Reason, Refused

MOST = 2000  # signs of its text


@dataclass(frozen=True)
class Terms:
    """The text in both languages (English may be empty: the Chinese one stands there too) and the last day, both or neither."""

    zh: str = ""
    en: str = ""
    due_on: date | None = None

    def __bool__(self) -> bool:
        return bool(self.zh)


NONE = Terms()


def checked(terms: Terms, *, today: date) -> Terms:
    """Trimmed. `Refused` at `condition_zh`, `condition_en` or `condition_due` where something is missing or the day does not lie ahead."""
    zh, en = terms.zh.strip(), terms.en.strip()
    if not zh and not en and terms.due_on is None:
        return NONE
    if not zh:
        raise Refused(Reason("competition.condition_text_missing"), field="condition_zh")
    for field, text in (("condition_zh", zh), ("condition_en", en)):
        if len(text) > MOST:
            raise Refused(Reason("competition.condition_text_long", {"most": MOST}), field=field)
    if terms.due_on is None:
        raise Refused(Reason("competition.condition_due_missing"), field="condition_due")
    if terms.due_on <= today:
        raise Refused(Reason("competition.condition_due_past"), field="condition_due")
    return Terms(zh, en, terms.due_on)


def over(due_on: date, *, today: date) -> bool:
    """Until the end of its day a condition can be met."""
    return due_on < today


def later(due_on: date, *, holds: date, today: date) -> date:
    """A new last day: after today, and after the one that `holds`. `Refused` at `due_on`."""
    if due_on <= today:
        raise Refused(Reason("competition.condition_due_past"), field="due_on")
    if due_on <= holds:
        raise Refused(Reason("competition.condition_due_earlier", {"due": holds.isoformat()}), field="due_on")
    return due_on
