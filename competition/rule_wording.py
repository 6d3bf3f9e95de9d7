"""A rule of advancement in words, for the public and under its editor."""

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from competition.domain.advancement_rule import parse_rule
from competition.domain.votes import part_text
from competition.labels import GROUPINGS, VOTE_BASES
from competition.wording import text


def advancement_words(rule: dict, names: dict[str, dict[str, str]], language: str) -> list[str]:
    """A line per rule; `names` as `competition.selectors.limits.group_names` gives them."""
    with override(language):
        return list(_advancement_lines(rule, names))


def _advancement_lines(rule, names):
    yield from _take_lines(rule, names)
    place = rule.get("at_the_line", "panel")
    if _draws_number(rule):
        yield {
            "include": _("Equal ranks at the line all advance, even if the number is exceeded."),
            "exclude": _("Of equal ranks at the line none advances."),
            "panel": _("Over equal ranks at the line the deciding body decides."),
        }[place]
    elif rule.get("caps"):
        if place == "exclude":
            yield _("Of equal ranks inside which a cap ends none advances.")
        else:
            yield _("Over equal ranks inside which a cap ends the deciding body decides.")
    for floor in rule.get("floors", []):
        yield _("At least %(count)s with %(by)s “%(value)s”: the best of them, before the other places are filled.") % _limit(
            floor, "min", names
        )
    for cap in rule.get("caps", []):
        yield (
            _("At most %(count)s with %(by)s “%(value)s”; the next by rank moves up.")
            if cap.get("value")
            else _("At most %(count)s with the same %(by)s; the next by rank moves up.")
        ) % _limit(cap, "max", names)
    reserve = rule.get("reserve", 0)
    if reserve:
        yield ngettext("The next stands in reserve.", "The next %(count)d stand in reserve.", reserve) % {"count": reserve}
        if rule.get("substitute"):
            yield _("A place freed before the award is offered to the first reserve.")
        else:
            yield _("A freed place stays empty; the reserve does not move up by itself.")
    else:
        yield _("There is no reserve.")


def _draws_number(rule) -> bool:
    """Whether a number of places can end inside equal ranks; grades and thresholds have none but that of the reserve."""
    take = rule["take"]
    if "vote" in take:
        return bool(take["vote"].get("most") or rule.get("reserve"))
    return (take != "all" and "bands" not in take) or bool(rule.get("reserve"))


def _take_lines(rule, names):
    take = rule["take"]
    if take == "all":
        yield _("Everybody advances whom no threshold of the scheme holds back: no number, no line.")
        return
    if "vote" in take:
        yield from vote_words(parse_rule({"take": take}).vote, by_track=rule.get("scope") in ("track", "group"))
        return
    if "bands" in take:
        yield from _grade_lines(take)
        return
    ((kind, value),) = take.items()
    if rule.get("scope") == "group" and kind in ("top", "share"):
        yield _group_line(kind, value, names)
        return
    by_track = rule.get("scope") == "track" or isinstance(value, dict)
    if kind == "top" and isinstance(value, dict):
        yield _("The best of each track advance: %(numbers)s.") % {"numbers": _numbers(value, names)}
    elif kind == "top":
        if by_track:
            yield ngettext("The best of each track advances.", "The best %(count)d of each track advance.", value) % {"count": value}
        else:
            yield ngettext("The best advances.", "The best %(count)d advance.", value) % {"count": value}
    elif kind == "share":
        words = (
            _("Of each track the best %(share)s per cent advance, rounded down, at least one.")
            if by_track
            else _("The best %(share)s per cent advance, rounded down, at least one.")
        )
        yield words % {"share": value}
    else:
        yield _("Whoever has at least %(score)s points advances.") % {"score": value}


def _numbers(value, names) -> str:
    words = [
        _("%(track)s: %(count)s") % {"track": names["track"].get(code, code) if code != "*" else _("each other track"), "count": count}
        for code, count in value.items()
    ]
    return _("; ").join(words)


def _group_line(kind, value, names) -> str:
    if kind == "share":
        return _("Of each group the best %(share)s per cent advance, rounded down, at least one.") % {"share": value}
    if isinstance(value, dict):
        return _("The best of each group advance, by its track: %(numbers)s.") % {"numbers": _numbers(value, names)}
    return ngettext("The best of each group advances.", "The best %(count)d of each group advance.", value) % {"count": value}


def vote_words(vote, *, by_track: bool = False):
    """How ballots are counted, in the language under way."""
    yield _(
        "A jury votes, without scores: each member says yes, no or abstains on each entry. A member with a conflict of interest is "
        "excused from that entry and not counted."
    )
    if isinstance(vote.quorum, int):
        yield ngettext(
            "At least %(count)d ballot has to be handed in, abstentions included; else the entry is undecided.",
            "At least %(count)d ballots have to be handed in, abstentions included; else the entry is undecided.",
            vote.quorum,
        ) % {"count": vote.quorum}
    else:
        yield _("At least %(part)s of those who may vote have to hand in a ballot, abstentions included; else the entry is undecided.") % {
            "part": part_text(vote.quorum)
        }
    basis = VOTE_BASES[vote.basis]
    if vote.majority is None:
        yield _("An entry is carried by consensus: all of %(basis)s are yes.") % {"basis": basis}
    else:
        yield _("An entry is carried by more than %(part)s of %(basis)s.") % {"part": part_text(vote.majority), "basis": basis}
    if vote.most is None:
        yield _("Every entry that is carried advances.")
    else:
        words = (
            _("Of those carried at most %(count)s of each track advance, by their yes votes as a part of those who may vote.")
            if by_track
            else _("Of those carried at most %(count)s advance, by their yes votes as a part of those who may vote.")
        )
        yield words % {"count": vote.most}


def _grade_lines(take):
    bands = parse_rule({"take": take}).bands
    words = [_("%(grade)s from %(least)s points") % {"grade": grade_name(band), "least": band.least_text} for band in bands]
    yield _("Every ranked entry gets a grade by its official total; equal is enough: %(grades)s.") % {"grades": _("; ").join(words)}
    lowest = next(band for band in bands if band.code == take["from"])
    yield _("Whoever has at least the grade “%(grade)s” advances; there is no number.") % {"grade": grade_name(lowest)}


def grade_name(band) -> str:
    """In the language under way."""
    return text(band.name, get_language() or "")


def _limit(limit, bound, names):
    value = limit.get("value")
    return {"count": limit[bound], "by": GROUPINGS[limit["by"]], "value": names.get(limit["by"], {}).get(value, value)}
