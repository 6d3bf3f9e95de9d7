"""What waits for an organiser in the race: applications, rounds, proposals, objections, re-opening."""

from datetime import date, timedelta

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.sql import CountOf, rows_of
from competition.domain.calendar import beijing_date, end_of
from competition.domain.states import IN_RACE
from competition.models import (
    Application,
    Award,
    Condition,
    Notice,
    Objection,
    Proposal,
    ProposalRow,
    Reopening,
    Round,
    Signature,
    Substitution,
)
from competition.permissions.decision import preload
from competition.permissions.holding import staffed
from competition.permissions.secrecy import against_scores
from competition.todos import OTHERS, WATCH, YOU, Sign, Todo, facts, register, register_facts, register_sign
from jobs.selectors import counts_by_queue
from ledger.selectors import newest_seal

NEAR = timedelta(days=30)


def organised_rounds(viewer, competition=None) -> list[Round]:
    """Rounds of the published competitions that the viewer organises (or of one), each with the registered facts: one query."""
    rows = Round.objects.exclude(competition__state__in=("draft", "archived")).select_related("competition").annotate(**facts())
    rows = staffed(viewer, rows, "competition_id", {"organiser"}) if competition is None else rows.filter(competition=competition)
    return list(rows.order_by("-competition__year", "-competition_id", "order"))


def _ids(rounds):
    return [round.pk for round in rounds]


@register_facts
def _of_rounds():
    here = OuterRef("pk")
    offers = Substitution.objects.filter(reserve__round=here, answered_at=None)
    objections = Objection.objects.filter(entry__round=here, state="open")
    awarded = Case(When(Exists(Award.objects.filter(entry__round=OuterRef("proposal__round"))), then=Value(1)), default=Value(0))
    notices = Notice.objects.filter(proposal__round=here, state="published")
    conditions = Condition.objects.filter(entry__round=here, state="open", entry__state__in=IN_RACE)
    return {
        "open_offers": rows_of(offers, "pk", "reserve__application"),
        "open_objections": CountOf(objections.order_by().values("pk")),
        "conditions": rows_of(conditions, "due_on"),
        "notices": rows_of(notices, "ends_on", awarded),
    }


@register
def applications(viewer, rounds, at):
    """One query."""
    counts = Application.objects.filter(round__in=_ids(rounds)).order_by().values_list("round", "state")
    late, waits = Q(state="returned", correction_due__lte=at), Q(state="submitted", recommendation__state="waiting")
    counts = list(counts.annotate(n=Count("pk"), overdue=Count("pk", filter=late), waiting=Count("pk", filter=waits)))
    found = {(round, state): number for round, state, number, _overdue, _waiting in counts}
    overdue = {round: number for round, state, _number, number, _waiting in counts if state == "returned"}
    asked = {round: number for round, state, _number, _overdue, number in counts if state == "submitted"}
    for round in rounds:
        if round.state != "open":
            continue
        address = reverse("competition:intake_list", args=[round.competition_id])
        if number := asked.get(round.pk):
            label = ngettext("application waits for its region", "applications wait for their region", number)
            due = round.competition.recommendation_closes
            yield Todo(OTHERS, round, number, label, label, address, _("See"), _("waiting for recommenders"), due=due)
        if number := found.get((round.pk, "submitted"), 0) - _still_asked(round, asked, at):
            yield Todo(
                YOU,
                round,
                number,
                ngettext("application to answer", "applications to answer", number),
                ngettext("Answer %(n)s application", "Answer %(n)s applications", number) % {"n": number},
                address,
                _("Answer"),
                due=round.judging_opens,
            )
        if number := overdue.get(round.pk):
            yield Todo(
                YOU,
                round,
                number,
                ngettext("correction overdue", "corrections overdue", number),
                ngettext(
                    "Give %(n)s overdue correction more time or refuse it",
                    "Give %(n)s overdue corrections more time or refuse them",
                    number,
                )
                % {"n": number},
                f"{address}?state=returned",
                _("Decide"),
                due=round.judging_opens,
                grave=True,
            )
        if number := found.get((round.pk, "returned"), 0) - overdue.get(round.pk, 0):
            label = ngettext("correction under way", "corrections under way", number)
            yield Todo(OTHERS, round, number, label, label, address, _("See"), _("waiting for applicants"))
        if (number := found.get((round.pk, "draft"))) and round.intake_closes and at < round.intake_closes:
            label = ngettext("draft not submitted", "drafts not submitted", number)
            yield Todo(OTHERS, round, number, label, label, address, _("See"), _("waiting for applicants"), due=round.intake_closes)
        if not found.get((round.pk, "submitted")) and not found.get((round.pk, "returned")) and _intake_over(round, at):
            yield Todo(
                YOU,
                round,
                1,
                _("round to begin judging"),
                _("Start judging %(round)s") % {"round": round},
                reverse("evaluations:round_start", args=[round.competition_id, round.pk]),
                _("Start judging"),
                _("every application is answered"),
                due=round.judging_opens,
            )


def _still_asked(round, asked, at) -> int:
    """Of these the organiser has nothing to do before the region answers or its time is over."""
    closes = round.competition.recommendation_closes
    return asked.get(round.pk, 0) if closes is None or at < closes else 0


def _intake_over(round, at) -> bool:
    return round.intake != "fresh" or round.intake_closes is None or round.intake_closes <= at


@register
def openings(viewer, rounds, at):
    """No query: a planned round whose forerunner is released."""
    before = {(round.competition_id, round.order): round for round in rounds}
    for round in rounds:
        earlier = before.get((round.competition_id, round.order - 1))
        if round.state == "planned" and (earlier is None or earlier.state == "released"):
            url = reverse("competition:round_open", args=[round.competition_id, round.pk])
            title = _("Open %(round)s") % {"round": round}
            yield Todo(YOU, round, 1, _("round to open"), title, url, _("Open the round"), due=round.intake_opens)


@register
def proposals(viewer, rounds, at):
    """One query, and those of `preload`. A round closed without a proposal waits for one; then for the table, the meeting,
    the signatures. Nothing of a round whose scores the viewer may not see: how many are undecided tells of them."""
    rounds = [round for round in rounds if round.state == "closed"]
    preload(viewer, rounds)
    rounds = [round for round in rounds if against_scores(viewer, round) is None]
    if not rounds:
        return
    valid = Signature.objects.filter(proposal=OuterRef("pk"), voided_at=None, digest=OuterRef("digest"))
    rows = (
        Proposal.objects.filter(round__in=_ids(rounds), state__in=("draft", "tabled"))
        .select_related("meeting")
        .annotate(
            undecided=CountOf(ProposalRow.objects.filter(proposal=OuterRef("pk"), outcome="undecided").order_by().values("pk")),
            signed=rows_of(valid, "user"),
        )
    )
    newest = {row.round_id: row for row in rows.order_by("number")}
    for round in rounds:
        row = newest.get(round.pk)
        if row is None:
            url = reverse("competition:proposal_create", args=[round.competition_id, round.pk])
            title = _("Draw up the proposal of %(round)s") % {"round": round}
            yield Todo(YOU, round, 1, _("proposal to draw up"), title, url, _("Draw up"))
            continue
        url = reverse("competition:proposal_detail", args=[round.competition_id, row.pk])
        if row.undecided:
            label = ngettext("outcome to settle", "outcomes to settle", row.undecided)
            yield Todo(OTHERS, round, row.undecided, label, label, url, _("See"), _("waiting for a decider"))
        if row.state == "draft":
            title = _("Put the proposal of %(round)s before the meeting") % {"round": round}
            yield Todo(YOU, round, 1, _("proposal to table"), title, url, _("Table"))
        elif getattr(row, "meeting", None) is None:
            title = _("Record the meeting on %(round)s") % {"round": round}
            yield Todo(YOU, round, 1, _("meeting to record"), title, url, _("Record"))
        elif not row.undecided:
            yield _signature(viewer, round, row, url)


def _signature(viewer, round, row, url) -> Todo:
    signed = {user for (user,) in row.signed or ()}
    number = 2 - len(signed)
    label = ngettext("signature missing", "signatures missing", number)
    if viewer.pk in signed:
        return Todo(OTHERS, round, number, label, label, url, _("See"), _("waiting for a second person"))
    note = _("you are the second") if signed else ""
    return Todo(YOU, round, number, label, _("Sign the release of %(round)s") % {"round": round}, url, _("Check and sign"), note)


@register
def reopenings(viewer, rounds, at):
    """One query."""
    by_id = {round.pk: round for round in rounds}
    for row in Reopening.objects.filter(round__in=_ids(rounds), approved=None).select_related("requested_by"):
        round = by_id[row.round_id]
        url = reverse("evaluations:round_reopen", args=[round.competition_id, round.pk])
        own = row.requested_by_id == viewer.pk
        title = _("Answer the request to re-open %(round)s") % {"round": round}
        note = _("waiting for a second person") if own else _("asked by %(name)s") % {"name": row.requested_by.display_name()}
        yield Todo(OTHERS if own else YOU, round, 1, _("request to re-open"), title, url, _("Answer"), note)


@register
def offers(viewer, rounds, at):
    """No query: freed places that their reserve has not answered, the first offered first."""
    for round in rounds:
        if waiting := [application for _pk, application in sorted(round.open_offers or ())]:
            label = ngettext("freed place offered", "freed places offered", len(waiting))
            url = reverse("competition:intake_detail", args=[round.competition_id, waiting[0]])
            yield Todo(OTHERS, round, len(waiting), label, label, url, _("See"), _("waiting for the reserve"))


@register
def publicity(viewer, rounds, at):
    """No query: objections to watch, awards to give after the last round's period."""
    for round in rounds:
        if number := round.open_objections:
            label = ngettext("open objection", "open objections", number)
            url = reverse("competition:decision_list", args=[round.competition_id])
            yield Todo(WATCH, round, number, label, label, url, _("See"), _("its entry is suspended until it is decided"), grave=True)
    last = {round.competition_id: round for round in sorted(rounds, key=lambda row: row.order)}
    for round in last.values():
        if any(not awarded and end <= at for end, awarded in _periods(round)):
            url = reverse("competition:award_list", args=[round.competition_id, round.pk])
            yield Todo(YOU, round, 1, _("awards to give"), _("Give the awards of %(round)s") % {"round": round}, url, _("Give awards"))


@register
def conditions(viewer, rounds, at):
    """No query: those whose day comes near or is over, to rule on; the rest to watch."""
    for round in rounds:
        days = sorted(date.fromisoformat(due_on) for (due_on,) in round.conditions or ())
        near = [day for day in days if day - beijing_date(at) <= NEAR]
        url = reverse("competition:condition_list", args=[round.competition_id, round.pk])
        if near:
            label = ngettext("condition to rule on", "conditions to rule on", len(near))
            title = ngettext("Rule on %(n)s condition", "Rule on %(n)s conditions", len(near)) % {"n": len(near)}
            yield Todo(
                YOU,
                round,
                len(near),
                label,
                title,
                url,
                _("Decide"),
                due=end_of(near[0]) - timedelta(minutes=1),
                grave=near[0] < beijing_date(at),
            )
        if far := len(days) - len(near):
            label = ngettext("condition of a title open", "conditions of titles open", far)
            yield Todo(WATCH, round, far, label, label, url, _("See"))


def _periods(round) -> list[tuple]:
    """(end, are awards given) of its published notices."""
    return [(end_of(date.fromisoformat(ends_on)), bool(awarded)) for ends_on, awarded in round.notices or ()]


def agenda(rounds, at, *, weeks: int = 3) -> list[dict]:
    """Moments of the next weeks in order: `at`, `text`, `round`. No query."""
    until = at + timedelta(weeks=weeks)
    names = (
        ("intake_opens", _("applications open")),
        ("intake_closes", _("applications close")),
        ("judging_opens", _("judging opens")),
        ("judging_closes", _("judging closes")),
    )
    found = [
        {"at": moment, "text": text, "round": round}
        for round in rounds
        for name, text in names
        if (moment := getattr(round, name)) and at <= moment <= until
    ]
    for round in rounds:
        for end, _awarded in _periods(round):
            if at <= end <= until:
                found.append({"at": end, "text": _("publicity and objections end"), "round": round})
    return sorted(found, key=lambda row: row["at"])


@register_sign
def ledger_sign(rounds, at):
    """One query."""
    seal = newest_seal()
    if seal is None:
        yield Sign("todo", _("Ledger not sealed yet"))
    else:
        yield Sign("done", _("Ledger sealed"), _("no. %(number)s") % {"number": seal.number})


@register_sign
def documents_sign(rounds, at):
    """One query."""
    queue = counts_by_queue().get("documents", {})
    waiting, failed = queue.get("queued", 0) + queue.get("running", 0), queue.get("failed", 0)
    if failed:
        yield Sign("bad", _("Documents that failed"), str(failed))
    yield Sign("todo" if waiting else "done", _("Documents being made"), str(waiting))
