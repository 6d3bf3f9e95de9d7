"""What waits for an organiser in the race: applications, rounds, proposals, objections, re-opening."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competition.domain.calendar import end_of
from competition.models import Application, Award, Notice, Objection, Proposal, Reopening, Round, Substitution
from competition.permissions.decision import preload
from competition.permissions.holding import staffed
from competition.permissions.secrecy import against_scores
from competition.todos import OTHERS, WATCH, YOU, Sign, Todo, register, register_sign
from jobs.selectors import counts_by_queue
from ledger.selectors import newest_seal


def organised_rounds(viewer, competition=None) -> list[Round]:
    """Rounds of the published competitions that the viewer organises (or of one): one query."""
    rows = Round.objects.exclude(competition__state__in=("draft", "archived")).select_related("competition")
    rows = staffed(viewer, rows, "competition_id", {"organiser"}) if competition is None else rows.filter(competition=competition)
    return list(rows.order_by("-competition__year", "-competition_id", "order"))


def _ids(rounds):
    return [round.pk for round in rounds]


@register
def applications(viewer, rounds, at):
    """Two queries."""
    counts = Application.objects.filter(round__in=_ids(rounds)).order_by().values_list("round", "state")
    counts = counts.annotate(n=Count("pk"), overdue=Count("pk", filter=Q(state="returned", correction_due__lte=at)))
    found = {(round, state): number for round, state, number, _overdue in counts}
    overdue = {round: number for round, state, _number, number in counts if state == "returned"}
    waits = Application.objects.filter(round__in=_ids(rounds), state="submitted", recommendation__state="waiting")
    asked = dict(waits.order_by().values_list("round").annotate(n=Count("pk")))
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
    """Seven queries. A round closed without a proposal waits for one; then for the table, the meeting, the signatures. Nothing of
    a round whose scores the viewer may not see: how many are undecided tells of them."""
    rounds = [round for round in rounds if round.state == "closed"]
    preload(viewer, rounds)
    rounds = [round for round in rounds if against_scores(viewer, round) is None]
    rows = (
        Proposal.objects.filter(round__in=_ids(rounds), state__in=("draft", "tabled"))
        .select_related("meeting")
        .annotate(undecided=Count("rows", filter=Q(rows__outcome="undecided")))
        .prefetch_related("signatures")
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
    valid = [signature for signature in row.signatures.all() if signature.voided_at is None and signature.digest == row.digest]
    number = 2 - len({signature.user_id for signature in valid})
    label = ngettext("signature missing", "signatures missing", number)
    if any(signature.user_id == viewer.pk for signature in valid):
        return Todo(OTHERS, round, number, label, label, url, _("See"), _("waiting for a second person"))
    note = _("you are the second") if valid else ""
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
    """One query: freed places that their reserve has not answered."""
    open_ones: dict[int, list[int]] = {}
    rows = Substitution.objects.filter(reserve__round__in=_ids(rounds), answered_at=None).order_by("offered_at", "pk")
    for pk, application in rows.values_list("reserve__round", "reserve__application"):
        open_ones.setdefault(pk, []).append(application)
    for round in rounds:
        if waiting := open_ones.get(round.pk):
            label = ngettext("freed place offered", "freed places offered", len(waiting))
            url = reverse("competition:intake_detail", args=[round.competition_id, waiting[0]])
            yield Todo(OTHERS, round, len(waiting), label, label, url, _("See"), _("waiting for the reserve"))


@register
def publicity(viewer, rounds, at):
    """Two queries: objections to watch, awards to give after the last round's period."""
    by_id = {round.pk: round for round in rounds}
    counts = Objection.objects.filter(entry__round__in=_ids(rounds), state="open").order_by().values_list("entry__round")
    for pk, number in counts.annotate(n=Count("pk")):
        label = ngettext("open objection", "open objections", number)
        url = reverse("competition:decision_list", args=[by_id[pk].competition_id])
        yield Todo(WATCH, by_id[pk], number, label, label, url, _("See"), _("its entry is suspended until it is decided"), grave=True)
    last = {round.competition_id: round for round in sorted(rounds, key=lambda row: row.order)}
    ended = Notice.objects.filter(proposal__round__in=[row.pk for row in last.values()], state="published").annotate(
        awarded=Exists(Award.objects.filter(entry__round=OuterRef("proposal__round")))
    )
    for notice in ended.select_related("proposal"):
        round = by_id[notice.proposal.round_id]
        if not notice.awarded and end_of(notice.ends_on) <= at:
            url = reverse("competition:award_list", args=[round.competition_id, round.pk])
            yield Todo(YOU, round, 1, _("awards to give"), _("Give the awards of %(round)s") % {"round": round}, url, _("Give awards"))


def agenda(rounds, at, *, weeks: int = 3) -> list[dict]:
    """Moments of the next weeks in order: `at`, `text`, `round`. One query for the notices."""
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
    by_id = {round.pk: round for round in rounds}
    for notice in Notice.objects.filter(proposal__round__in=_ids(rounds), state="published").select_related("proposal"):
        end = end_of(notice.ends_on)
        if at <= end <= until:
            found.append({"at": end, "text": _("publicity and objections end"), "round": by_id[notice.proposal.round_id]})
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
