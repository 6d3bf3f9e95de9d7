"""When a round takes in and when it judges: what is wrong with four moments, field by field."""

from collections.abc import Mapping
from datetime import datetime

from ledger.domain.reason import Reason

FIELDS = ("intake_opens", "intake_closes", "judging_opens", "judging_closes")


def window_faults(windows: Mapping[str, datetime | None], *, fresh: bool, after: datetime | None = None) -> list[tuple[str, Reason]]:
    """(field, reason) for what contradicts itself; moments that are not given yet are no fault here. `fresh`: the round has an
    intake of its own. `after`: the end of judging in the round before."""
    opens, closes, begins, ends = (windows.get(name) for name in FIELDS)
    if not fresh:
        opens = closes = None
    faults = []
    if opens and closes and closes <= opens:
        faults.append(("intake_closes", Reason("competition.window_reversed")))
    if begins and ends and ends <= begins:
        faults.append(("judging_closes", Reason("competition.window_reversed")))
    if closes and begins and begins < closes:
        faults.append(("judging_opens", Reason("competition.judging_before_deadline")))
    first, moment = ("intake_opens", opens) if opens else ("judging_opens", begins)
    if after and moment and moment < after:
        faults.append((first, Reason("competition.window_before_last_round")))
    return faults


def windows_missing(windows: Mapping[str, datetime | None], *, fresh: bool) -> list[str]:
    """The names of the moments that the round needs and does not have."""
    return [name for name in (FIELDS if fresh else FIELDS[2:]) if windows.get(name) is None]
