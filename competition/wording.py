"""Form, groups and publicity in words, for the public and under the editors."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from competition.domain.blindness import identifying
from competition.domain.parties import MOST
from competition.rules import Heading


def text(words: dict, language: str) -> str:
    """Of {"zh": …, "en": …}."""
    return words["en" if language.startswith("en") else "zh"]


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


def group_words(grouping, language: str) -> list[str]:
    """How a round's groups are made."""
    with override(language):
        lines = [
            _("A track with more than %(most)s entries is divided into groups, as few as hold at most %(most)s entries each.")
            % {"most": grouping.most}
        ]
        if grouping.how == "hand":
            lines.append(_("The organiser places each entry in a group before evaluators are assigned, with a reason that is kept."))
        else:
            lines.append(_("Groups are drawn by lot, level in size, from a seed that is committed when the call is published."))
        if grouping.how == "dealt":
            lines.append(_("The entries of each region are dealt over the groups of their track, so that none is filled by one region."))
        return [
            *lines,
            _("Every group is read by a panel of its own. Figures that are compared with others are compared inside the track."),
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
