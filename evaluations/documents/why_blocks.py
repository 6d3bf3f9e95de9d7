"""Why each entry of a closed round stands where it stands, in a few lines of plain JSON for the panel summary."""

from django.utils.translation import gettext as _

from accounts.figures import MINUS
from evaluations.domain.decimals import exact_text, fraction_text, plain_text
from evaluations.domain.explanation import HIGH, LOW, Collapse, Rounded
from evaluations.selectors.explaining import Why
from evaluations.wording import rung_words_here
from ledger.reasons import say

SHOWN = 6


def block(why: Why, dimensions: list[dict]) -> dict:
    """`sheets`: [{code, text, dropped}] in the order `sheet`, `criteria`: [{code, text}] in the order `criterion`; `lines`: texts from
    the panel's value down to the rank; `fault` where snapshot and sheets do not agree: then nothing else stands there."""
    found = {"sheets": [], "criteria": [], "lines": [], "fault": ""}
    if why.faults:
        found["fault"] = _("Snapshot and locked sheets do not agree. No explanation is given; decide nothing on this snapshot.")
        return found
    steps = why.steps
    if steps is None:
        return found
    if steps.order == "sheet":
        fates = {seat.evaluator: seat.fate for seat in steps.panel.seats} if steps.panel else {}
        found["sheets"] = [
            {"code": sheet.evaluator, "text": _after(sheet.total), "dropped": fates.get(sheet.evaluator) in (HIGH, LOW)}
            for sheet in steps.sheets
        ]
    else:
        found["criteria"] = [
            {"code": row.rule.code, "text": f"{_collapsed(row.panel) if row.panel else _after(row.value)} → {_after(row.contribution)}"}
            for row in steps.criteria
            if row.value is not None
        ]
    found["lines"] = [*_lines(steps), *([_rank(why, dimensions)] if why.ties else []), *(str(say(reason)) for reason in steps.reasons)]
    return found


def _lines(steps):
    if steps.panel and steps.panel.result:
        words = _("Panel: %(way)s") % {"way": _collapsed(steps.panel)}
        yield words + (_(" (too few to drop any)") if steps.panel.small else "")
    elif steps.this_round is not None:
        yield _("Sum: %(points)s") % {"points": _exact(steps.this_round)}
    if steps.carry and steps.carry.result is not None:
        earlier = " + ".join(f"{_plain(share)} × {_plain(total)}" for _code, share, total in steps.carry.earlier)
        own = f"{_plain(steps.carry.own_weight)} × {_plain(steps.carry.own)}"
        over = f" / {steps.carry.over}" if steps.carry.over != 1 else ""
        yield _("With earlier rounds: %(way)s") % {"way": f"({earlier} + {own}){over} = {_exact(steps.carry.result)}"}
    if steps.bonuses:
        given = ", ".join(f"{row.rule.code} {_plain(row.points)}" for row in steps.bonuses if row.points is not None)
        yield _("Bonus: %(points)s") % {"points": f"{_plain(steps.bonus)}{f' ({given})' if given else ''}"}
    if steps.total is not None:
        yield _("Total: %(points)s") % {"points": _stage(steps.total)}


def _rank(why: Why, dimensions) -> str:
    ties = why.ties
    words = _("Rank: %(better)s higher totals, %(before)s of the same total before it: %(rank)s") % {
        "better": ties.better,
        "before": ties.before,
        "rank": ties.rank,
    }
    if ties.broken_by:
        words += _("; told apart by %(rung)s") % {"rung": rung_words_here(ties.broken_by, dimensions)}
    return words


def _collapsed(panel: Collapse) -> str:
    kept = " + ".join(_plain(seat.value) for seat in panel.seats if seat.fate == "kept")
    return f"{f'({kept}) / {panel.count}' if panel.count > 1 else kept} = {_stage(panel.result)}"


def _stage(rounded: Rounded) -> str:
    after = _after(rounded)
    return after if rounded.exact == rounded.value and rounded.digits is not None else _arrow(rounded, after)


def _arrow(rounded: Rounded, after: str) -> str:
    return _exact(rounded.exact) if rounded.digits is None else f"{_exact(rounded.exact)} → {after}"


def _after(rounded: Rounded) -> str:
    return _exact(rounded.value) if rounded.digits is None else _minus(fraction_text(rounded.value, rounded.digits))


def _exact(value) -> str:
    text = plain_text(value)
    return f"{_minus(exact_text(value))} ≈ {_minus(fraction_text(value, SHOWN))}" if "/" in text else _minus(text)


def _plain(value) -> str:
    return _minus(plain_text(value))


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
