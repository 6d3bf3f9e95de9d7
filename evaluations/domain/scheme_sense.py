"""What the scheme language allows and no round can meet: thresholds above anything that can be reached."""

from fractions import Fraction

from evaluations.domain.decimals import HUNDREDTH, plain_text
from evaluations.domain.scheme import Scheme
from ledger.domain.reason import Reason


def unreachable(scheme: Scheme) -> list[Reason]:
    """One reason per threshold, with the most that can be had."""
    factors, den = scheme.contribution_factors
    most = {rule.code: Fraction(rule.maximum * factor, den) for rule, factor in zip(scheme.weighted, factors, strict=True)}
    found = []
    highest = {rule.code: Fraction(rule.maximum, HUNDREDTH) for rule in scheme.weighted}
    for code, least in scheme.thresholds.criteria:
        if least > highest[code]:
            found.append(_fault(f"criteria.{code}", highest[code]))
    for code, least in scheme.thresholds.dimensions:
        points = sum(most[rule.code] for rule in scheme.weighted if rule.dimension == code)
        if least > points:
            found.append(_fault(f"dimensions.{code}", points))
    total = _most_total(scheme, sum(most.values()))
    if total is not None and scheme.thresholds.total is not None and scheme.thresholds.total > total:
        found.append(_fault("total", total))
    return found


def _most_total(scheme: Scheme, own: Fraction) -> Fraction | None:
    """None where earlier totals are added as they are, whose bound stands in another scheme. A carried total may hold a bonus too,
    so only what this round adds is bounded then."""
    if scheme.carry:
        return None
    bonus = Fraction(sum(max(rule.most, 0) for rule in scheme.criteria if rule.kind == "bonus"), HUNDREDTH)
    if scheme.bonus_cap is not None:
        bonus = min(bonus, Fraction(scheme.bonus_cap[1], HUNDREDTH))
    return own + bonus


def _fault(place: str, most: Fraction) -> Reason:
    return Reason("evaluations.scheme_threshold_unreachable", {"path": f"thresholds.{place}", "most": plain_text(most)})
