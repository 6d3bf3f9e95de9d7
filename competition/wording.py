"""Form, advancement and publicity in words, for the public and under the editors."""

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from competition.domain.advancement_rule import parse_rule
from competition.domain.blindness import identifying
from competition.domain.parties import MOST
from competition.domain.votes import part_text
from competition.labels import GROUPINGS, VOTE_BASES
from competition.rules import Heading


def text(words: dict, language: str) -> str:
    """Of {"zh": …, "en": …}."""
    return words["en" if language.startswith("en") else "zh"]


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
        yield from vote_words(parse_rule({"take": take}).vote, by_track=rule.get("scope") == "track")
        return
    if "bands" in take:
        yield from _grade_lines(take)
        return
    ((kind, value),) = take.items()
    by_track = rule.get("scope") == "track" or isinstance(value, dict)
    if kind == "top" and isinstance(value, dict):
        numbers = [
            _("%(track)s: %(count)s") % {"track": names["track"].get(code, code) if code != "*" else _("each other track"), "count": count}
            for code, count in value.items()
        ]
        yield _("The best of each track advance: %(numbers)s.") % {"numbers": _("; ").join(numbers)}
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


def form_words(definition: dict, language: str, *, blind: bool = False) -> list[str]:
    """A heading per section, a line per field; of a table its items. `blind`: says which fields evaluators do not see."""
    with override(language):
        lines: list[str] = []
        for section in definition["sections"]:
            lines.append(Heading(text(section["label"], language)))
            for field in section["fields"]:
                words = text(field["label"], language)
                if not field.get("required", True):
                    words = _("%(label)s (optional)") % {"label": words}
                if blind and identifying(field):
                    words = _("%(label)s (not shown to evaluators)") % {"label": words}
                limits = field_limits(field, language)
                lines.append(_("%(label)s: %(limits)s") % {"label": words, "limits": limits} if limits else words)
        return lines


def check_words(language: str) -> list[str]:
    """How a formal check is passed."""
    with override(language):
        return [
            _("The organiser passes each item of each entry or does not, with a written reason; nothing is marked and nobody is ranked."),
            _("Whoever passes every item goes on. Two people release the outcome; each applicant learns the own reasons."),
        ]


def blind_words(language: str) -> list[str]:
    with override(language):
        return [
            _("This round is judged blind: evaluators see a code and the track, not who applies, and no field that is marked so."),
            _("The code of an entry is made of the round's lot number, so that it can be checked once the round is released."),
            _("Conflicts are found by the system before a seat is published; an evaluator who recognises an applicant recuses."),
        ]


def field_limits(field: dict, language: str) -> str:
    """What a field takes in, in words; empty where there is nothing to say."""
    parts = []
    match field["type"]:
        case "text" | "long_text":
            if "min_words" in field:
                parts.append(_("at least %(count)s words") % {"count": field["min_words"]})
            if "max_words" in field:
                parts.append(_("at most %(count)s words") % {"count": field["max_words"]})
        case "number":
            parts += _number_limits(field, language)
        case "attachment":
            parts.append(
                _("%(types)s, at most %(mb)s MB each, at most %(count)s files")
                % {"types": _(", ").join(field["types"]), "mb": field["max_mb"], "count": field.get("max_files", 1)}
            )
        case "choice":
            parts.append(_(" / ").join(text(option["label"], language) for option in field["options"]))
        case "table":
            parts.append(_("; ").join(_item_words(item, language) for item in field["items"]))
    return _(", ").join(parts)


def _number_limits(field, language):
    if "unit" in field:
        yield _("in %(unit)s") % {"unit": text(field["unit"], language)}
    if "min" in field and "max" in field:
        yield _("from %(low)s to %(high)s") % {"low": field["min"], "high": field["max"]}


def _item_words(item, language):
    words = _("%(label)s [%(unit)s]") % {"label": text(item["label"], language), "unit": text(item["unit"], language)}
    return _("%(label)s, computed") % {"label": words} if "computed" in item else words


def quota_words(competition, language: str) -> list[str]:
    """Who recommends, how many; regions with the same number in one line. Empty where no recommendation is asked for."""
    if not competition.recommendation:
        return []
    groups: dict[int | None, list[str]] = {}
    with override(language):
        for row in competition.quotas.select_related("region"):
            groups.setdefault(row.places, []).append(str(row.region))
        lines = [_("An application is accepted only with the recommendation of its lead region, which is charged for a joint entry.")]
        for places in sorted(groups, key=lambda number: (number is None, -(number or 0))):
            names = _(", ").join(groups[places])
            if places is None:
                lines.append(_("Without a limit: %(regions)s.") % {"regions": names})
            else:
                words = ngettext("%(count)s place each: %(regions)s.", "%(count)s places each: %(regions)s.", places)
                lines.append(words % {"count": places, "regions": names})
        return lines


def joint_words(competition, language: str) -> list[str]:
    """Empty where an application is of one organisation alone."""
    if not competition.joint_entries:
        return []
    with override(language):
        return [
            ngettext(
                "Joint entries are allowed: besides the organisation that applies up to %(count)d partner.",
                "Joint entries are allowed: besides the organisation that applies up to %(count)d partners.",
                MOST,
            )
            % {"count": MOST},
            _("The organisation that applies leads the entry. Conflicts of interest count for every partner and its region."),
        ]


def readmission_words(rules, language: str) -> list[str]:
    """Who comes back from an earlier edition, and where; empty without such a rule."""
    lines = []
    with override(language):
        for rule in rules:
            named = {"edition": str(rule.reached.competition), "reached": str(rule.reached), "enters": str(rule.enters)}
            if rule.enters.order == 1:
                lines.append(
                    _("Who reached %(reached)s of %(edition)s and was not chosen there may apply without a region's recommendation.")
                    % named
                )
            else:
                lines.append(_("Who reached %(reached)s of %(edition)s and was not chosen there may apply directly in %(enters)s.") % named)
        if lines:
            lines.append(_("This holds for clusters that neither left that edition nor were ruled out, and once in this one."))
    return lines


def published_lines(publication) -> list[str]:
    """What of a released round everybody sees, in the language under way."""
    if not publication.lists:
        return [_("No list of this round is published; every applicant learns the own outcome.")]
    lines = [
        _("The list is in the order of ranks.") if publication.order == "rank" else _("The list is in the order of regions."),
        _("Ranks are published.") if publication.ranks else _("Ranks are not published."),
        _("Those not chosen are published as well.") if publication.whole else _("Only the chosen are published."),
    ]
    return [*lines, _("Official totals are published.")] if publication.totals else lines


def publication_words(round, language: str) -> list[str]:
    """Where a round has a setting of its own."""
    with override(language):
        return [] if round.publication is None else published_lines(round.publishes)


def publicity_words(competition, rounds, language: str) -> list[str]:
    """What is published, for how long, and how to object."""
    with override(language):
        days = competition.publicity_days
        if competition.publicity_unit == "working":
            length = ngettext("%(count)d working day", "%(count)d working days", days) % {"count": days}
        else:
            length = ngettext("%(count)d calendar day", "%(count)d calendar days", days) % {"count": days}
        lines = [
            _("The list is open to objections for %(length)s; an objection suspends the entry it concerns, not the list.")
            % {"length": length},
            *published_lines(competition.publishes),
        ]
        if any(round.publication is not None for round in rounds):
            lines.append(_("Where a round says otherwise of what is published, that holds."))
        years = competition.valid_years
        lines.append(ngettext("A title is valid for %(count)d year.", "A title is valid for %(count)d years.", years) % {"count": years})
        return lines
