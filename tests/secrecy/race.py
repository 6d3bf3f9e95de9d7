"""One race with a round at every stage of secrecy, judged by numbers that are found again wherever they come out."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Notification
from accounts.services.sign_up import ask_sign_up
from competition.models import (
    AdvancementRule,
    Attachment,
    Award,
    Condition,
    Conflict,
    Document,
    Entry,
    Form,
    Proposal,
    ProposalRow,
    Quota,
    Recommendation,
    Standing,
    Substitution,
)
from competition.selectors.decisions import proposal_digest
from competition.selectors.formats import read_format
from competition.services.decisions import change_outcome
from competition.services.documents import issue
from competition.services.publicity import record_objection
from competition.services.reopenings import reopen_round, request_reopening
from competition.services.rounds import close_round
from evaluations.domain.trial import Move, Trial
from evaluations.domain.trial import Standing as Placed
from evaluations.models import Criterion, Mark, Result, Scheme, SchemeTrial, SheetVersion, Undertaking
from evaluations.selectors.sheet_totals import sheet_totals
from evaluations.services.findings import record_finding
from evaluations.services.scoreboards import count_change
from evaluations.services.standings import refresh_standings
from jobs.models import Job
from ledger.domain import canonical
from tests.cast import make_cast
from tests.factories.accounts import give, make_invitation, make_user
from tests.factories.competition import (
    make_application,
    make_cluster,
    make_competition,
    make_entry,
    make_organisation,
    make_revision,
    make_round,
    make_track,
)
from tests.factories.decisions import release, to_meeting
from tests.factories.evaluations import add_unweighted, make_assignment, make_evaluator, make_rubric, make_sheet
from tests.factories.judging import DEFINITION
from tests.factories.registering import make_registration

YEAR = timedelta(days=365)
STAGES = ("released", "closed", "reopened", "judging")
OWNERS = ("applicant", "rival", "third", "fourth")
PANEL = ("chair", "evaluator", "other_evaluator", "second_chair")
CHECK = "核查理由暗号贰"  # why the applicant was given half a point
NOTE = "会议纪要暗号柒"  # why the closed round's outcome was changed


def marks_of(stage: str, owner: str, judge: str) -> dict[str, int]:
    """Hundredths, a different pair for every sheet of the race; the applicant's are the best, the fourth's the worst. None of
    them, nor of their totals, stands among the invented sheets of the scheme's editor."""
    place = STAGES.index(stage) * 16 + OWNERS.index(owner) * 4 + PANEL.index(judge)
    best = 9400 - OWNERS.index(owner) * 700
    return {"A1": best - place * 7 - 3, "B1": best - 271 - place * 11}


def make_race() -> SimpleNamespace:
    """`competition, cast, people` (with the conflicted ones and second_chair), `stages` (name → what stands in that round)."""
    now = timezone.now()
    competition = make_competition(state="published", code="race-of-secrecy")
    track, scope = make_track(competition), f"competition:{competition.pk}"
    race = SimpleNamespace(competition=competition, track=track, at=now, cast=make_cast(scope), stages={})
    race.people = dict(race.cast.people())
    race.people["second_chair"] = make_user("Second Chair")
    give(race.people["second_chair"], "evaluator", scope)
    for role in ("organiser", "decider", "supervisor"):
        race.people[f"conflicted_{role}"] = make_user(f"Conflicted {role}")
        give(race.people[f"conflicted_{role}"], role, scope)
    race.owners = {}
    for owner in OWNERS:
        user = race.people.get(owner) or make_user(owner)
        organisation = make_organisation()
        give(user, "applicant", f"organisation:{organisation.pk}")
        race.owners[owner] = (user, organisation, make_cluster(organisation=organisation))
    race.judges = {name: make_evaluator(race.people[name]) for name in PANEL}
    for name in ("conflicted_organiser", "conflicted_decider", "conflicted_supervisor"):
        Conflict.objects.create(
            user=race.people[name], cluster=race.owners["fourth"][2], kind="adviser", declared_by=race.cast.organiser, declared_at=now
        )
    for name in STAGES:
        race.stages[name] = _judged(race, name)
    _advance(race)
    _draw(race)
    _beside(race)
    return race


def _beside(race) -> None:
    """What else an address may ask for: a file, an offer, a job that computes, an invitation."""
    closed = race.stages["closed"]
    entry = closed.entries["applicant"]
    race.attachment = Attachment.objects.create(
        application=entry.application,
        slot="licence",
        name="附件.pdf",
        content_type="application/pdf",
        size=3,
        sha256="ab" * 32,
        file=ContentFile(b"PDF", name="planted-attachment"),
        uploaded_by=race.cast.applicant,
        uploaded_at=race.at,
    )
    entry.revision.attachments.add(race.attachment)
    race.offer = Substitution.objects.create(
        freed=race.stages["released"].entries["fourth"], reserve=race.stages["released"].entries["third"], offered_at=race.at
    )
    race.conflict = Conflict.objects.filter(user=race.people["conflicted_organiser"]).first()
    invitation = make_invitation("guest@example.org", role="supervisor", scope=f"competition:{race.competition.pk}")
    race.trials = _tried(race, closed.round)
    race.registration = make_registration(race.people["rival"], at=race.at)
    quota = Quota.objects.create(competition=race.competition, region_id="320000", places=4)
    race.recommendation = Recommendation.objects.create(
        quota=quota, application=entry.application, state="recommended", preference=1, opinion="同意推荐。"
    )
    give(race.cast.recommender, "recommender", "region:320000")
    race.others = {
        "cluster": [entry.application.cluster_id],
        "organisation": [entry.application.organisation_id],
        "job": list(Job.objects.order_by("pk").values_list("pk", flat=True)[:2]),
        "invitation": [invitation.pk],
        "sign_up": [ask_sign_up("newcomer@example.org", language="en", at=race.at).pk],
        "notification": list(Notification.objects.order_by("pk").values_list("pk", flat=True)[:3]),
        "membership": [race.cast.evaluator.memberships.first().pk],
    }


def _tried(race, round) -> list[SchemeTrial]:
    """A dry run that turned the closed round's ranks round, kept for somebody who may read it and for one who is bound since."""
    standings = round.standings.get()
    rows = list(standings.rows.order_by("rank"))
    moves = [
        Move(str(row.entry_id), Placed(row.rank, row.total, "reserve"), Placed(len(rows) + 1 - row.rank, row.total, "advance"))
        for row in rows
    ]
    facts = {"round": round, "standings": standings, "definition": DEFINITION, "dimensions": [], "digest": "7" * 64, "asked_at": race.at}
    facts |= {"result": Trial(moves, len(rows), False, None).as_json(), "computed_at": race.at}
    people = (race.cast.organiser, race.people["conflicted_organiser"])
    return [SchemeTrial.objects.create(asked_by=person, **facts) for person in people]


def _judged(race, name: str) -> SimpleNamespace:
    """A round that is judged, every sheet submitted and the results computed."""
    round = make_round(race.competition, state="judging", code=name, name_zh=f"轮次{name}", name_en=f"Round {name}")
    Criterion.objects.filter(dimension__rubric=make_rubric(round, {"A1": 60, "B1": 40})).update(step=1)
    Scheme.objects.create(round=round, version=1, definition=DEFINITION, digest="d" * 64)
    rule = {"take": {"top": 2}, "scope": "overall", "reserve": 1, "at_the_line": "panel"}
    AdvancementRule.objects.create(round=round, version=1, rule=rule, digest="a" * 64, frozen_at=race.at)
    Form.objects.create(round=round, version=1, definition=read_format()["rounds"][0]["form"], digest="f" * 64)
    stage = SimpleNamespace(
        name=name, round=round, entries={}, sheets={}, proposal=None, notice=None, award=None, objection=None, condition=None
    )
    for judge in race.judges.values():
        Undertaking.objects.create(round=round, evaluator=judge, text_digest="0" * 64, signed_at=race.at)
    for owner, (user, organisation, cluster) in race.owners.items():
        application = make_application(
            round, user, organisation=organisation, cluster=_cluster(cluster, stage), track=race.track, state="accepted"
        )
        stage.entries[owner] = make_entry(round, user, application=application, revision=make_revision(application))
        for person, judge in race.judges.items():
            marks = marks_of(name, owner, person)
            sheet = make_sheet(make_assignment(stage.entries[owner], judge), marks, state="submitted", submitted_at=race.at)
            SheetVersion.objects.create(sheet=sheet, number=1, marks=marks, digest="e" * 64, submitted_at=race.at)
            stage.sheets[owner, person] = sheet
            with transaction.atomic():
                count_change(round, sheet)
    stage.check = add_unweighted(round, {"F1": ("bonus", "organiser")})["F1"]
    found = {"criterion": stage.check, "value": "0.5", "reason": f"{CHECK}-{name}", "actor": race.cast.organiser, "at": race.at}
    record_finding(stage.entries["applicant"], **found)
    refresh_standings(round, at=race.at)
    return stage


def _cluster(cluster, stage):
    """A cluster applies once per competition and track: each round has its own, bound to the same organisation."""
    if stage.name == STAGES[0]:
        return cluster
    made = make_cluster(organisation=cluster.organisation)
    for bond in Conflict.objects.filter(cluster=cluster):
        Conflict.objects.create(user=bond.user, cluster=made, kind=bond.kind, declared_by=bond.declared_by, declared_at=bond.declared_at)
    return made


def _advance(race) -> None:
    """Three rounds closed through the services; of these one goes back to judging and one is released and awarded."""
    organiser, decider, at = race.cast.organiser, race.cast.decider, race.at
    people = {"organiser": organiser, "decider": decider}
    for name in ("released", "closed", "reopened"):
        stage = race.stages[name]
        stage.round = close_round(stage.round, actor=organiser, at=at)
    released = race.stages["released"]
    released.proposal = release(released.round, people, at=at - timedelta(days=60))
    released.round.refresh_from_db()
    released.notice = released.proposal.notice
    released.objection = record_objection(
        released.notice,
        entry=released.entries["rival"],
        objector_kind="person",
        objector="王某",
        contact="139",
        text="数据有误。",
        received_at=at - timedelta(days=58),
        actor=organiser,
        at=at - timedelta(days=58),
    )
    released.award = Award.objects.create(
        entry=released.entries["applicant"],
        title="cluster",
        holder_zh="集群",
        number="2026-KQ1",
        verify_code="7K4Q93XDB1FA0001",
        valid_from=at.date(),
        given_at=at,
    )
    released.condition = Condition.objects.create(entry=released.entries["applicant"], text_zh="产值达标。", due_on=at.date() + YEAR)
    for name in ("closed", "reopened"):
        stage = race.stages[name]
        stage.proposal = to_meeting(stage.round, people, at=at)
        row = stage.proposal.rows.get(entry=stage.entries["third"])
        change_outcome(row, outcome="ineligible", note=f"{NOTE}-{name}", actor=decider, at=at)
        _bind(stage.proposal, f"{NOTE}-{name}", at.date() + YEAR)
    reopened = race.stages["reopened"]
    request_reopening(reopened.round, reason="录入有误。", actor=organiser, at=at)
    reopened.round = reopen_round(reopened.round, actor=decider, at=at)


def _bind(proposal, text, due) -> None:
    """A condition in a list that is not released, as only the last round has one."""
    chosen = proposal.rows.filter(outcome="advance").order_by("rank").values("pk")[:1]
    assert ProposalRow.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(
        condition_zh=text, condition_en=text, condition_due=due
    )
    proposal.refresh_from_db()
    proposal.digest = proposal_digest(proposal)
    proposal.save(update_fields=["digest"])


def _draw(race) -> None:
    """A receipt, a score sheet, the papers of rounds: each file is what its context says, to be searched."""
    for stage in race.stages.values():
        stage.documents = []
        wanted = [("score_sheet", stage.sheets["applicant", "chair"].pk), ("receipt", stage.entries["applicant"].revision_id)]
        if stage.name in ("released", "closed"):
            wanted.append(("panel_summary", stage.round.pk))
        for kind, key in wanted:
            issue(kind, str(key), language="en", actor=None, at=race.at)
        subjects = [f"round:{stage.round.pk}", f"proposal:{stage.proposal.pk if stage.proposal else 0}"]
        subjects += [f"sheet:{stage.sheets['applicant', 'chair'].pk}", f"revision:{stage.entries['applicant'].revision_id}"]
        for document in Document.objects.filter(scope=f"competition:{race.competition.pk}", subject__in=subjects).order_by("pk"):
            document.sha256, document.pages, document.rendered_at = "9" * 64, 3, race.at
            document.file.save("planted.pdf", ContentFile(canonical.encode(document.context)), save=True)
            stage.documents.append(document)


def numbers(race) -> dict[str, set[tuple[str, str, str]]]:
    """Decimal text → what it is of: (round, owner, judge), judge "" for what stands in the ranking of the entry."""
    found: dict[str, set] = {}
    for stage in race.stages.values():
        sheets = sheet_totals(stage.round)
        for owner, entry in stage.entries.items():
            _plant(found, (stage.name, owner, ""), Result.objects.get(entry=entry).total)
            for judge in PANEL:
                sheet = stage.sheets[owner, judge]
                for mark in sheet.marks.values_list("value", flat=True):
                    _plant(found, (stage.name, owner, judge), f"{mark // 100}.{mark % 100:02}")
                _plant(found, (stage.name, owner, judge), f"{float(sheets[entry.pk][race.judges[judge].code]):.2f}")
    return found


def _plant(found, whose, number: str) -> None:
    found.setdefault(number, set()).add(whose)


def change_marks(race, stages) -> None:
    """In these rounds the chair had marked otherwise, and so the first is the last everywhere that it was written down."""
    for stage in (race.stages[name] for name in stages):
        for owner in OWNERS:
            sheet = stage.sheets[owner, "chair"]
            Mark.objects.filter(sheet=sheet).update(value=11 * (1 + OWNERS.index(owner)))
            SheetVersion.objects.filter(sheet=sheet).update(marks={"A1": 11, "B1": 12})
        _swap(Result.objects.filter(round=stage.round), stage, ("rank", "track_rank", "total", "numerator", "denominator", "values"))
        _swap(
            Standing.objects.filter(standings__round=stage.round),
            stage,
            ("rank", "track_rank", "total", "exact", "criteria", "dimensions", "panel", "tie_broken_by"),
        )
        if stage.proposal:
            bound = ("condition_zh", "condition_en", "condition_due")
            _swap(ProposalRow.objects.filter(proposal=stage.proposal), stage, ("rank", "computed", "outcome", "reason", "note", *bound))
        if stage.name != "released" and stage.proposal:
            undecided = {"computed": "undecided", "outcome": "undecided", "note": ""}
            ProposalRow.objects.filter(proposal=stage.proposal, entry=stage.entries["third"]).update(**undecided)
            stage.proposal.refresh_from_db()
            Proposal.objects.filter(pk=stage.proposal.pk).update(digest=proposal_digest(stage.proposal))
        if stage.name == "released":
            _swap(Entry.objects.filter(round=stage.round), stage, ("outcome", "outcome_reason"), key="pk")


def _swap(rows, stage, names, *, key="entry_id") -> None:
    """The chosen with one another and the others with one another where the list is public; else the first with the last."""
    if not rows.exists():
        return
    pairs = (("applicant", "rival"), ("third", "fourth")) if stage.name == "released" else (("applicant", "fourth"), ("rival", "third"))
    by_entry = {getattr(row, key): row for row in rows}
    for one, other in pairs:
        first, second = (by_entry[stage.entries[owner].pk] for owner in (one, other))
        for name in names:
            value = getattr(first, name)
            setattr(first, name, getattr(second, name))
            setattr(second, name, value)
        for row in (first, second):
            row.save(update_fields=names)
