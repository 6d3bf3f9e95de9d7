"""What waits for an organiser in the judging: seats, sheets, closing; and whether the standings are up to date."""

from collections import Counter

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.sql import CountOf
from competition.domain.states import IN_RACE
from competition.models import Entry
from competition.todos import OTHERS, WATCH, YOU, Sign, Todo, register, register_facts, register_sign
from evaluations.models import Assignment
from evaluations.selectors.assignments import HELD
from evaluations.selectors.ballots import BY_VOTE
from evaluations.selectors.findings import unchecked
from evaluations.selectors.progress import STAGE

UNDER_WAY = ("published", "confirmed", "begun", "returned")


@register_facts
def _of_rounds():
    rows = Entry.objects.filter(round=OuterRef("pk"), state="running", revision__isnull=False).order_by()
    held = CountOf(Assignment.objects.filter(entry=OuterRef("pk"), state__in=HELD).order_by().values("pk"))
    rows = rows.annotate(held=held)
    short = CountOf(rows.filter(held__lt=F("round__seats")).values("pk"))
    judged = Q(state__in=("open", "judging"))
    # The jury of a vote is smaller where somebody is excused: only an entry without any of it is short.
    grouped = When(judged & Q(groups__isnull=False), then=CountOf(rows.filter(group__isnull=True).values("pk")))
    alone = When(judged & Exists(BY_VOTE.filter(round=OuterRef("pk"))), then=CountOf(rows.filter(held=0).values("pk")))
    return {
        "short_entries": Case(alone, When(judged, then=short), default=Value(0)),
        "ungrouped": Case(grouped, default=Value(0)),
        "results_version": F("scoreboard__results_version"),
        "scores_version": F("scoreboard__scores_version"),
    }


@register
def seats(viewer, rounds, at):
    """One query."""
    judged = [round for round in rounds if round.state in ("open", "judging")]
    ids = [round.pk for round in judged]
    counts: dict[int, Counter] = {pk: Counter() for pk in ids}
    rows = Assignment.objects.filter(entry__round__in=ids, entry__state__in=IN_RACE).annotate(stage=STAGE)
    for pk, stage, number in rows.order_by().values_list("entry__round", "stage").annotate(n=Count("pk")):
        counts[pk][stage] = number
    for round in judged:
        yield from _of(round, counts[round.pk], round.short_entries, at)


@register
def groups(viewer, rounds, at):
    """No query: entries that are in no group, once the round takes in nothing more."""
    for round in rounds:
        if number := round.ungrouped if round.state == "judging" or not (round.intake_closes and at < round.intake_closes) else 0:
            label = ngettext("entry in no group", "entries in no group", number)
            title = _("Make the groups of %(round)s") % {"round": round}
            url = reverse("evaluations:group_list", args=[round.competition_id, round.pk])
            yield Todo(YOU, round, number, label, title, url, _("Make groups"), due=round.judging_opens)


@register
def checks(viewer, rounds, at):
    """Veto items that nobody has looked at: at most one query."""
    judged = [round for round in rounds if round.state == "judging"]
    numbers = unchecked(judged)
    for round in judged:
        if number := numbers[round.pk]:
            if round.checks_only:
                label = ngettext("item not looked at", "items not looked at", number)
                title = _("Go on with the formal check of %(round)s") % {"round": round}
            else:
                label = ngettext("veto check not looked at", "veto checks not looked at", number)
                title = _("Look at the veto checks of %(round)s") % {"round": round}
            url = reverse("evaluations:finding_list", args=[round.competition_id, round.pk]) + "?state=unchecked"
            yield Todo(YOU, round, number, label, title, url, _("Look at them"), due=round.judging_closes)


def _of(round, stages, short, at):
    place = [round.competition_id, round.pk]
    progress = reverse("evaluations:round_progress", args=place)
    board = reverse("evaluations:assignment_board", args=place)
    if short:
        label = ngettext("entry with too few seats", "entries with too few seats", short)
        title = _("Assign evaluators for %(round)s") % {"round": round}
        yield Todo(YOU, round, short, label, title, board, _("Assign"), due=round.judging_opens)
    if number := stages["proposed"]:
        label = ngettext("seat not published", "seats not published", number)
        title = _("Publish the seats of %(round)s") % {"round": round}
        yield Todo(YOU, round, number, label, title, board, _("Publish"))
    if number := stages["recused"]:
        label = ngettext("recused seat", "recused seats", number)
        title = ngettext("Replace or waive %(n)s recused seat", "Replace or waive %(n)s recused seats", number) % {"n": number}
        yield Todo(YOU, round, number, label, title, progress + "?by=seat&stage=recused", _("Decide"), due=round.judging_closes)
    if round.state != "judging":
        return
    waiting = sum(stages[stage] for stage in UNDER_WAY)
    late = round.judging_closes is not None and round.judging_closes < at
    if waiting:
        label = ngettext("sheet not submitted", "sheets not submitted", waiting)
        if late:
            words = ngettext("Extend, replace or waive %(n)s open seat", "Extend, replace or waive %(n)s open seats", waiting)
            title, note = words % {"n": waiting}, _("the deadline has passed")
            url = reverse("evaluations:round_close", args=place)
            yield Todo(YOU, round, waiting, label, title, url, _("Decide"), note, due=round.judging_closes, grave=True)
        else:
            yield Todo(OTHERS, round, waiting, label, label, progress, _("See"), _("waiting for evaluators"), due=round.judging_closes)
    elif stages["submitted"] and not stages["recused"] and not stages["proposed"]:
        title = _("Close %(round)s") % {"round": round}
        note = ngettext("%(n)s sheet is in", "all %(n)s sheets are in", stages["submitted"]) % {"n": stages["submitted"]}
        url = reverse("evaluations:round_close", args=place)
        yield Todo(YOU, round, 1, _("round to close"), title, url, _("Close"), note, due=round.judging_closes)
    if number := stages["returned"]:
        label = ngettext("returned sheet", "returned sheets", number)
        yield Todo(WATCH, round, number, label, label, progress + "?by=seat&stage=returned", _("See"))


@register_sign
def standings_sign(rounds, at):
    """No query: do the results stand on the newest marks?"""
    boards = [round for round in rounds if round.state == "judging" and round.results_version is not None]
    pairs = [(round.results_version, round.scores_version) for round in boards]
    behind = sum(1 for done, all_ in pairs if done != all_)
    value = " · ".join(f"{done} = {all_}" if done == all_ else f"{done} < {all_}" for done, all_ in pairs[:3])
    yield Sign("todo" if behind else "done", _("Computation is under way") if behind else _("Standings stand on the newest marks"), value)
