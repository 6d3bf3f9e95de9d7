"""Why each entry of a closed round stands where it stands, in plain JSON for the panel summary."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.figures import MINUS
from evaluations.documents.why_tables import exact, plain, stage, tables
from evaluations.domain.decimals import HUNDREDTH
from evaluations.domain.explanation import KEPT, Collapse
from evaluations.selectors.explaining import Why
from evaluations.wording import rung_words_here
from ledger.reasons import say


def block(why: Why, dimensions: list[dict], scheme) -> dict:
    """`tables`: as in `why_tables`; `lines`: texts from the panel's value down to the rank; `fault` where snapshot and sheets do not
    agree: then nothing else stands there."""
    found = {"tables": [], "lines": [], "fault": ""}
    if why.faults:
        found["fault"] = _("Snapshot and locked sheets do not agree. No explanation is given; decide nothing on this snapshot.")
        return found
    steps = why.steps
    if steps is None:
        return found
    found["tables"] = tables(steps, scheme.scale)
    found["lines"] = [*_lines(steps, scheme), *([_rank(why, dimensions)] if why.ties else []), *(str(say(one)) for one in steps.reasons)]
    return found


def _lines(steps, scheme):
    if steps.panel and steps.panel.result:
        words = _("Panel: %(way)s") % {"way": _collapsed(steps.panel)}
        yield words + (_(" (too few to drop any)") if steps.panel.small else "")
    elif steps.this_round is not None:
        parts = [plain(row.contribution.value) for row in steps.criteria if row.contribution] if steps.order == "criterion" else []
        way = f"{' + '.join(parts)} = " if len(parts) > 1 else ""
        yield _("Sum: %(points)s") % {"points": way + exact(steps.this_round)}
    if steps.carry and steps.carry.result is not None:
        earlier = " + ".join(f"{plain(share)} × {plain(total)}" for _code, share, total in steps.carry.earlier)
        inner = f"{earlier} + {plain(steps.carry.own)}"
        if steps.carry.over != 1:
            inner = f"({earlier} + {plain(steps.carry.own_weight)} × {plain(steps.carry.own)}) / {steps.carry.over}"
        yield _("With earlier rounds: %(way)s") % {"way": f"{inner} = {exact(steps.carry.result)}"}
    if any(row.points is not None for row in steps.bonuses):
        yield _("Bonus: %(points)s") % {"points": _bonus(steps, scheme.bonus_cap)}
    if steps.vetoes:
        yield _("Veto items: %(items)s") % {"items": _("; ").join(_veto(row) for row in steps.vetoes)}
    if steps.total is not None:
        before = steps.carry.result if steps.carry else steps.this_round
        way = f"{plain(before)} {MINUS if steps.bonus < 0 else '+'} {plain(abs(steps.bonus))} = " if steps.bonus else ""
        yield _("Total: %(points)s") % {"points": way + stage(steps.total)}


def _bonus(steps, cap) -> str:
    parts = []
    for row in steps.bonuses:
        if row.points is None:
            continue
        text = _collapsed(row.panel) if row.panel else plain(row.given)
        before = row.panel.result.value if row.panel else row.given
        parts.append(f"{row.rule.code} {text}" + (f" → {plain(row.points)}" if before != row.points else ""))
    words = _("; ").join(parts)
    if len(parts) > 1:
        words += _("; together %(points)s") % {"points": exact(steps.bonus_sum)}
    if cap is not None and steps.bonus != steps.bonus_sum:
        least, most = (plain(Fraction(bound, HUNDREDTH)) for bound in cap)
        words += _(", kept within %(least)s and %(most)s: %(points)s") % {"least": least, "most": most, "points": exact(steps.bonus)}
    return words


def _veto(row) -> str:
    said = {None: pgettext("a veto", "not looked at"), True: pgettext("a veto", "passed"), False: pgettext("a veto", "failed")}[row.passed]
    return f"{row.code} {said}" + (f" ({', '.join(row.failed_by)})" if row.failed_by else "")


def _rank(why: Why, dimensions) -> str:
    ties = why.ties
    words = _("Rank: %(better)s higher + %(before)s of the same total before it + 1 = %(rank)s") % {
        "better": ties.better,
        "before": ties.before,
        "rank": ties.rank,
    }
    if ties.broken_by:
        words += _("; told apart by %(rung)s") % {"rung": rung_words_here(ties.broken_by, dimensions)}
    return words


def _collapsed(panel: Collapse) -> str:
    kept = " + ".join(plain(seat.value) for seat in panel.seats if seat.fate == KEPT)
    return f"{f'({kept}) / {panel.count}' if panel.count > 1 else kept} = {stage(panel.result)}"
