"""The report on a proposal, for the meeting that decides and, once released, for the file: what was done and what follows from it."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.templatetags.saima import day
from competition.documents.kinds import DocumentKind, register_kind
from competition.domain.advancement_rule import parse_rule
from competition.domain.calendar import beijing_date
from competition.domain.votes import ballots_in, read_vote
from competition.models import Proposal
from competition.permissions.holding import roles_in
from competition.permissions.secrecy import against_scores
from competition.rule_wording import vote_words
from competition.selectors.competitions import is_last
from competition.selectors.decisions import proposal_rows, valid_signatures
from competition.selectors.grades import Grading
from competition.selectors.parties import partners_by_revision
from competition.selectors.proposals import races_of, rank_under
from competition.selectors.rules import rules_edition
from competition.wording import check_words
from evaluations.documents.appendix import appendix
from evaluations.documents.course import funnel_of, race_of, regions_of, tiles_of
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.rubrics import carried_rounds, dimensions_json, rubric_of
from evaluations.wording import bonus_words, rung_words, scheme_words
from ledger.domain.reason import Reason
from ledger.reasons import say

MOST_LANES = 36  # that a page holds; the table beside the picture has them all
MARKS = {"advance": "in", "reserve": "reserve"}
PLAIN = {
    "competition.advance_rank",
    "competition.behind_cut",
    "competition.reserve",
    "competition.advance_score",
    "competition.advance_all",
    "competition.advance_grade",
    "competition.below_grade",
}
# In which places are counted, as the code of a reason ends.
INNER = re.compile(r"_in_(track|group|group_alone)$")
VOTED = ("competition.advance_vote", "competition.vote_short", "competition.vote_behind")
FLAGS = {
    "small_panel": gettext_lazy("small panel, nothing dropped"),
    "below_threshold": gettext_lazy("below a threshold"),
}


def find(keys) -> dict[str, Proposal]:
    rows = Proposal.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related(
        "round__competition", "standings", "rule"
    )
    return {str(row.pk): row for row in rows}


def context(proposal, language) -> dict:
    round, standings = proposal.round, proposal.standings
    competition = round.competition
    rule = parse_rule(proposal.rule.rule)
    grading = Grading(proposal.rule.rule, standings.method)
    rows = list(proposal_rows(proposal).prefetch_related("entry__application__cluster__regions"))
    places = {row.entry_id: row for row in standings.rows.all()}
    dimensions = dimensions_json(rubric_of(round))
    last_round = is_last(round)
    partners = partners_by_revision([row.entry.revision_id for row in rows], competition)
    lists = _lists(rows, places, rule, dimensions, language, last_round, grading, partners)
    if round.checks_only:
        for line in (line for one in lists for line in one["standings"]):
            line |= {"rank": None, "tied": False, "total": None}
    outcomes = [row.outcome for row in rows]
    edition = rules_edition(competition)
    meeting = getattr(proposal, "meeting", None)
    return {
        "competition": str(competition),
        "round": str(round),
        "number": proposal.number,
        "addressee": _("The body that decides"),
        "author": competition.words("organiser") or str(competition),
        "date": beijing_date(proposal.released_at or proposal.created_at).isoformat(),
        "last_round": last_round,
        "confidential": proposal.state != "released",
        "conclusion": {
            "advance": outcomes.count("advance"),
            "reserve": outcomes.count("reserve"),
            "undecided": outcomes.count("undecided"),
            "text": "",
        },
        "funnel": funnel_of(round, outcomes),
        "method": _method(round, standings.method, dimensions, language),
        "rules": {"version": edition.version, "digest": edition.digest} if edition else None,
        "regions": regions_of(round, rows, places),
        "tiles": tiles_of(rows),
        "lists": lists,
        "margins": [words for one in lists for words in one["margins"]] + _by_exception(rows),
        "changes": [
            {
                "name": str(row.entry.application.cluster),
                "from": outcome_words(row.computed, last=last_round),
                "to": outcome_words(row.outcome, last=last_round),
                "reason": row.note,
            }
            for row in rows
            if row.outcome != row.computed
        ],
        "conditions": [
            {"name": str(row.entry.application.cluster), "text": row.condition, "due": row.condition_due.isoformat()}
            for row in rows
            if row.condition_due
        ],
        "race": None if round.checks_only else race_of(proposal, rows),
        "appendix": appendix(standings, {row.entry_id: row.outcome for row in rows}),
        "vote": rule.vote is not None,
        "snapshot": {
            "number": standings.number,
            "digest": standings.input_digest,
            "scheme": standings.scheme_digest,
            "computed_at": standings.created_at.isoformat(timespec="seconds"),
        },
        "proposal": {"number": proposal.number, "digest": proposal.digest},
        "meeting": {"number": meeting.number, "held_on": meeting.held_on.isoformat(), "minutes": meeting.minutes_sha256}
        if meeting
        else None,
        "signed": [
            {"name": str(one.user), "at": one.signed_at.isoformat(timespec="seconds")}
            for one in valid_signatures(proposal).order_by("signed_at")
        ]
        if proposal.state == "released"
        else [],
        "signatures": [
            _("Chair of the panel"),
            _("Recorder"),
            _("Discipline supervisor"),
            _("Head of the secretariat"),
            _("Released by (first)"),
            _("Released by (second)"),
        ],
    }


def _method(round, method: dict, dimensions, language) -> list[str]:
    if VOTE in method:
        return list(vote_words(read_vote(method[VOTE], VOTE)))
    if round.checks_only:
        return check_words(language)
    return scheme_words(method, dimensions, language, carried=carried_rounds(round, method)) if "panel" in method else []


def outcome_words(outcome: str, *, last: bool) -> str:
    """In the last round clusters are recommended for the title, before it for the next round."""
    return {
        "advance": pgettext("recommendation", "Recommended") if last else pgettext("recommendation", "To advance"),
        "reserve": pgettext("recommendation", "Reserve"),
        "eliminated": "—",
        "ineligible": pgettext("recommendation", "Not eligible"),
        "undecided": pgettext("recommendation", "For the meeting to decide"),
    }[outcome]


def _lists(rows, places, rule, dimensions, language, last_round, grading, partners) -> list[dict]:
    """One list, or one for each track or group where the rule takes by it."""
    return [
        _list(
            own,
            places,
            rule,
            lambda row, *place: _line(row, *place, dimensions, language, last_round, grading, partners),
            name=name,
        )
        for name, own in races_of(rows, rule)
    ]


def _list(rows, places, rule, line_of, *, name) -> dict:
    def rank(row):
        place = places.get(row.entry_id)
        return row.rank if place is None or not rule.inside else rank_under(rule, place)

    rows = sorted(rows, key=lambda row: (rank(row) is None, rank(row) or 0, row.entry_id))
    ranks = [rank(row) for row in rows if rank(row) is not None]
    last = {kind: max((place for place, row in enumerate(rows) if row.outcome == kind), default=None) for kind in ("advance", "reserve")}
    shown = [line_of(row, rank(row), ranks, places.get(row.entry_id)) for row in rows]
    for kind, line in (("reserve", "spare"), ("advance", "cut")):
        if rule.draws_line and last[kind] is not None and last[kind] + 1 < len(shown):
            shown[last[kind] + 1]["line"] = line
    cut, reserve = (sum(row.outcome == kind for row in rows) for kind in ("advance", "reserve"))
    lanes = [
        {
            "label": row.entry.application.cluster.words("short"),
            "rank": line["rank"],
            "outcome": line["outcome"],
            "tied": line["tied"],
            "total": line["total"] or "",
        }
        for row, line in zip(rows, shown, strict=True)
    ]
    return {
        "name": name,
        "standings": shown,
        "lanes": {"rows": lanes[:MOST_LANES], "cut": cut if rule.draws_line else None, "reserve": reserve},
        "margins": _margins(rows, shown, last["advance"], places) if rule.draws_line and not rule.vote else [],
    }


def _line(row, rank, ranks, place, dimensions, language, last_round, grading, partners) -> dict:
    cluster = row.entry.application.cluster
    grade = grading.word(place)
    notes = [_("grade: %(grade)s") % {"grade": grade}] if grade else []
    if names := partners.get(row.entry.revision_id):
        notes.append(_("jointly with %(names)s") % {"names": _(", ").join(str(party) for party in names)})
    if place is not None and place.tie_broken_by:
        notes.append(_("tie broken by %(rung)s") % {"rung": rung_words(place.tie_broken_by, dimensions, language)})
    if place is not None:
        notes += [str(FLAGS[flag]) for flag in place.flags if flag in FLAGS and not place.panel.get("ballots")]
        if points := bonus_words(place.bonus):
            notes.append(_("bonus and deduction %(points)s") % {"points": points})
    counts = ballots_in(place.panel) if place is not None else None
    if rank is None or counts:
        notes.append(say(Reason.from_json(row.reason)))
    if row.condition_due:
        notes.append(_("on condition, by %(day)s") % {"day": day(row.condition_due)})
    if row.outcome != row.computed:
        notes.append(_("by the rule: %(outcome)s") % {"outcome": outcome_words(row.computed, last=last_round)})
    return {
        "rank": rank,
        "tied": rank is not None and ranks.count(rank) > 1,
        "name": str(cluster),
        "region": str(cluster.lead_region),
        "total": f"{counts.yes} / {counts.members}" if counts else place.total if place else None,
        "outcome": MARKS.get(row.outcome, "out"),
        "outcome_text": outcome_words(row.outcome, last=last_round),
        "note": _("; ").join(notes),
        "line": "",
    }


def _margins(rows, shown, last, places) -> list[str]:
    """How close it is at the line: the last one inside beside the first one outside that has a rank."""
    if last is None or last + 1 >= len(rows) or shown[last + 1]["rank"] is None or not shown[last]["total"]:
        return []
    inside, outside = shown[last], shown[last + 1]
    values = {
        "inside": inside["name"],
        "outside": outside["name"],
        "rank": inside["rank"],
        "next": outside["rank"],
        "total": inside["total"],
    }
    if inside["total"] == outside["total"]:
        return [
            _("%(inside)s (rank %(rank)s) and %(outside)s (rank %(next)s) have the same total, %(total)s, on both sides of the line.")
            % values
        ]
    gap = _gap(places[rows[last].entry_id].total, places[rows[last + 1].entry_id].total)
    return [
        _(
            "%(inside)s (rank %(rank)s) is the last inside the line, %(outside)s (rank %(next)s) the first outside;"
            " %(gap)s points lie between them."
        )
        % (values | {"gap": gap})
    ]


def _gap(inside: str, outside: str) -> str:
    """The difference of two decimal texts."""
    return str(abs(Decimal(inside) - Decimal(outside)))


def _by_exception(rows) -> list[str]:
    """Outcomes that follow from more than the rank: caps, floors, ties at the line, thresholds."""
    found = []
    for row in rows:
        code = INNER.sub("", row.reason["code"])
        if row.rank is not None and code not in PLAIN and not code.startswith(VOTED):
            found.append(_("%(name)s: %(reason)s") % {"name": row.entry.application.cluster, "reason": say(Reason.from_json(row.reason))})
    return found


def may_issue(user, proposal) -> Reason | None:
    if not roles_in(user, proposal.round) & {"organiser", "decider"}:
        return Reason("competition.role_needed", {"roles": ["decider", "organiser"]})
    if reason := against_scores(user, proposal.round):
        return reason
    return Reason("competition.report_void") if proposal.state == "void" else None


register_kind(
    DocumentKind(
        name="award_report",
        subject_kind="proposal",
        prefix="AR",
        template="documents/award_report.html",
        label=gettext_lazy("Report on review and recommendation"),
        find=find,
        competition=lambda proposal: proposal.round.competition,
        about=lambda proposal: _("%(round)s · proposal no. %(number)s") % {"round": proposal.round, "number": proposal.number},
        context=context,
        may_read=lambda user, proposal: against_scores(user, proposal.round),
        may_issue=may_issue,
        draft=lambda proposal: proposal.state != "released",
        recorded=lambda user, proposal: True,
    )
)
