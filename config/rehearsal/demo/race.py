"""Drives one edition through the services, act by act, each at its moment; it can stop before any of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from competition.models import Cluster, Competition, Entry, Organisation, Round
from competition.selectors.applications import years_of
from competition.selectors.formats import DEFAULT
from competition.selectors.rules import advancement_of, vote_of
from competition.services import applications, attachments, decisions, release, rounds
from competition.services.competitions import create_competition, edit_competition, publish_competition
from competition.services.parties import set_parties
from competition.services.rounds import edit_round, remove_round
from competition.services.rules import save_advancement
from config.rehearsal.demo.answers import MARK, answers
from config.rehearsal.demo.clusters import DemoCluster
from config.rehearsal.demo.judges import ballot, mark
from config.rehearsal.demo.moments import DAY, HOUR
from evaluations.models import Assignment
from evaluations.selectors import groups
from evaluations.selectors.findings import given_once, left
from evaluations.selectors.plans import default_plan
from evaluations.selectors.rubrics import scheme_of
from evaluations.selectors.sheets import criteria_of
from evaluations.services import assignments, findings, plans, sheets
from evaluations.services.groups import draw_groups
from evaluations.services.jury import seat_jury
from evaluations.services.rubrics import save_scheme

SLOTS = ("signed_undertaking", "licence", "figure_proofs")


@dataclass
class Cast:
    """Users by what they do; applicants and organisations by the cluster's key."""

    organiser: object
    deciders: list
    evaluators: list
    applicants: dict[str, object]
    organisations: dict[str, Organisation]
    clusters: dict[str, Cluster]
    codes: dict[str, str]


@dataclass
class Edition:
    """`starts` is when its call is published; everything else follows at fixed distances."""

    cast: Cast
    field: tuple[DemoCluster, ...]
    year: int
    starts: datetime
    seed: int
    pdf: bytes
    competition: Competition | None = None
    by_cluster: dict[int, DemoCluster] = field(default_factory=dict)
    partners: dict[str, list[dict]] = field(default_factory=dict)  # key of the cluster → who applies with it

    def set_up(
        self,
        *,
        code: str,
        name_zh: str,
        name_en: str,
        windows: dict[int, dict],
        region,
        changes: dict,
        places: int,
        blind: tuple[int, ...] = (),
        format: str = DEFAULT,
        seats: dict[int, int] | None = None,
        takes: dict[int, dict] | None = None,
    ) -> Competition:
        """`region` None: of the nation. `windows`: order of a round → its four moments; with one of them the edition has one round,
        judged by three whose mean counts. `places`: how many the last round chooses, where it is decided by marks; `blind`: orders of
        rounds that are blind beside those of the format; `seats` and `takes`: order → what differs from the format."""
        organiser, at = self.cast.organiser, self.starts - DAY
        level = "province" if region else "nation"
        named = {"code": code, "name_zh": name_zh, "name_en": name_en, "year": self.year}
        self.competition = create_competition(**named, level=level, region=region, format=format, demo=True, actor=organiser, at=at)
        self.competition = edit_competition(self.competition, changes=changes, version=0, actor=organiser, at=at)
        if len(windows) == 1:
            self._one_round()
        for row in self.competition.rounds.order_by("order"):
            self.competition.refresh_from_db()
            basics = {"blind": row.blind or row.order in blind, "seats": (seats or {}).get(row.order, row.seats)}
            if len(windows) == 1:
                basics |= {"code": "review", "name_zh": "评审", "name_en": "Review", "seats": 3}
            edit_round(row, basics=basics, windows=windows[row.order], version=self.competition.edit_version, actor=organiser, at=at)
        last = self.competition.rounds.order_by("order").last()
        takes = dict(takes or {})
        if not vote_of(last):
            takes |= {last.order: {"take": {"top": places}, "scope": "overall", "reserve": 1}}
        for order, take in takes.items():
            self._take(self.competition.rounds.get(order=order), take)
        self.by_cluster = {self.cast.clusters[cluster.key].pk: cluster for cluster in self.field}
        return self.competition

    def _one_round(self) -> None:
        first, second = self.competition.rounds.order_by("order")
        self.competition.refresh_from_db()
        remove_round(second, version=self.competition.edit_version, actor=self.cast.organiser, at=self.starts - DAY)
        scheme = scheme_of(first)
        definition = scheme.definition | {"panel": {"method": "mean", "min_panel": 3}}
        save_scheme(first, definition=definition, version=scheme.version, actor=self.cast.organiser, at=self.starts - DAY)

    def _take(self, round, take: dict) -> None:
        current = advancement_of(round)
        save_advancement(round, rule={**current.rule, **take}, version=current.version, actor=self.cast.organiser, at=self.starts - DAY)

    def publish(self) -> None:
        self.competition.refresh_from_db()
        self.competition = publish_competition(self.competition, actor=self.cast.organiser, at=self.starts)

    def round(self, order: int) -> Round:
        return Round.objects.select_related("competition").get(competition=self.competition, order=order)

    # ------------------------------------------------------------ intake
    def start(self, cluster: DemoCluster, *, at: datetime):
        track = self.competition.tracks.get(code=cluster.track)
        row, actor = self.cast.clusters[cluster.key], self.cast.applicants[cluster.key]
        started = applications.start_application(
            self.competition, cluster=row, organisation=row.organisation, track=track, actor=actor, at=at
        )
        if partners := self.partners.get(cluster.key):
            set_parties(started, parties=partners, version=started.draft_version, actor=actor, at=at)
            started.refresh_from_db()
        return started

    def fill(self, application, *, at: datetime, without: Iterable[str] = ()) -> int:
        """The whole form; `without` names slots left empty."""
        cluster = self.by_cluster[application.cluster_id]
        actor = self.cast.applicants[cluster.key]
        data = answers(cluster, years_of(application), code=self.cast.codes[cluster.key], seed=self.seed)
        for slot in SLOTS:
            if slot not in without and not application.attachments.filter(slot=slot, removed_at=None).exists():
                upload = SimpleUploadedFile(f"{cluster.short_zh}-{slot}.pdf", self.pdf)
                attachments.attach(application, slot=slot, upload=upload, actor=actor, at=at)
        return applications.save_draft(application, data=data, version=application.draft_version, actor=actor, at=at)

    def submit(self, application, *, at: datetime):
        actor = self.cast.applicants[self.by_cluster[application.cluster_id].key]
        application.refresh_from_db()
        return applications.submit_application(application, actor=actor, at=at)

    def accept(self, application, *, at: datetime) -> Entry:
        application.refresh_from_db()
        return applications.accept_application(application, actor=self.cast.organiser, at=at)

    def take_in(self, order: int) -> None:
        """Every cluster fills in, submits and is accepted: in the first round all, later those who advanced."""
        round = self.round(order)
        if order == 1:
            taken = [self.start(cluster, at=self.starts + 2 * HOUR) for cluster in self.field]
        else:
            taken = list(round.applications.filter(state="draft").order_by("pk"))
        for number, application in enumerate(taken):
            at = round.intake_opens + timedelta(hours=5 + 3 * number)
            self.fill(application, at=at)
            self.submit(application, at=at + HOUR)
        for number, application in enumerate(taken):
            self.accept(application, at=round.intake_closes + timedelta(minutes=30 + 7 * number))

    # ------------------------------------------------------------ judging
    def judge(self, order: int, *, leave: int = 0) -> list[Assignment]:
        """Seats, undertakings, marks and sheets; the last `leave` sheets stay drafts, half filled in."""
        round, organiser = self.round(order), self.cast.organiser
        at = round.judging_opens - 12 * HOUR
        rounds.start_judging(round, actor=organiser, at=at)
        round.refresh_from_db()
        evaluators = len(self.cast.evaluators)
        entries = round.entries.filter(state="running").count()
        most = -(-entries * round.seats // evaluators) + 1
        if round.groups:
            shown = groups.token_of(groups.content_of(round), 0)
            draw_groups(round, shown=shown, actor=organiser, at=at)
            most = default_plan(round).most
        changes = {"seats": round.seats, "most": most, "seed": f"demo-{self.seed}"}
        plan = plans.save_plan(round, changes=changes, version=0, actor=organiser, at=at)
        plans.compute_seats(round, ask=f"demo:{round.pk}", version=plan.version, asked_by=organiser.pk, at=at)
        seats = self._seated(round, at=at + HOUR)
        criteria = None
        for number, seat in enumerate(seats):
            at = round.judging_opens + timedelta(minutes=20 * (number + 1))
            seat = assignments.confirm(seat, actor=seat.evaluator.user, at=at)
            sheet = seat.sheet
            criteria = criteria or [row for row in criteria_of(sheet.rubric) if row.kind in ("expert", "mixed")]
            cluster = self.by_cluster[seat.entry.application.cluster_id]
            marks = {
                row.code: mark(cluster.key, cluster.merit, row.code, seat.evaluator.user.email, self.seed * 10 + order) for row in criteria
            }
            last = number >= len(seats) - leave
            if last:
                marks = dict(list(marks.items())[: len(marks) * 2 // 3])
            sheets.save_sheet(
                sheet,
                marks=marks,
                comment="" if last else f"{MARK}优势明显，建议关注短板环节。",
                version=0,
                actor=seat.evaluator.user,
                at=at,
            )
            if not last:
                sheets.submit_sheet(sheet, actor=seat.evaluator.user, at=at + timedelta(minutes=10))
        return seats[len(seats) - leave :] if leave else []

    def _seated(self, round: Round, *, at: datetime) -> list[Assignment]:
        """The seats that were computed or set, published, every undertaking signed."""
        assignments.publish_assignments(round, actor=self.cast.organiser, at=at)
        undertaking = f"{MARK}评审专家承诺书"
        for evaluator in self.cast.evaluators:
            assignments.sign_undertaking(round, text=undertaking, actor=evaluator.user, at=round.judging_opens)
        return list(
            Assignment.objects.filter(entry__round=round)
            .select_related("evaluator__user", "entry__application")
            .order_by("evaluator__user__email", "entry_id")
        )

    def vote(self, order: int, *, wanted: int, leave: int = 0) -> list[Assignment]:
        """The whole pool is the jury; it wants the `wanted` best. The last `leave` ballots are not cast."""
        round, organiser = self.round(order), self.cast.organiser
        at = round.judging_opens - 12 * HOUR
        rounds.start_judging(round, actor=organiser, at=at)
        round.refresh_from_db()
        seat_jury(round, members=[row.pk for row in self.cast.evaluators], actor=organiser, at=at)
        seats = self._seated(round, at=at + HOUR)
        merits = {seat.entry_id: self.by_cluster[seat.entry.application.cluster_id] for seat in seats}
        best = sorted(merits, key=lambda entry: (-merits[entry].merit, entry))[:wanted]
        for number, seat in enumerate(seats[: len(seats) - leave]):
            at = round.judging_opens + timedelta(minutes=20 * (number + 1))
            sheet = assignments.confirm(seat, actor=seat.evaluator.user, at=at).sheet
            answer = ballot(merits[seat.entry_id].key, seat.entry_id in best, seat.evaluator.user.email, self.seed * 10 + order)
            sheets.save_sheet(sheet, marks={"vote": answer}, comment="", version=0, actor=seat.evaluator.user, at=at)
            sheets.submit_sheet(sheet, actor=seat.evaluator.user, at=at + timedelta(minutes=10))
        return seats[len(seats) - leave :] if leave else []

    def hold(self, order: int, *, wanted: int = 0) -> None:
        """The judging as the round's kind has it; in a formal check nobody sits. `wanted`: as in `vote`."""
        round = self.round(order)
        if round.checks_only:
            rounds.start_judging(round, actor=self.cast.organiser, at=round.judging_opens)
        elif vote_of(round):
            self.vote(order, wanted=wanted)
        else:
            self.judge(order)

    def check(self, order: int, found: Iterable[tuple[str, str, str, str]], *, at: datetime, rest: bool = True) -> None:
        """What the organiser finds: (key of the cluster, criterion, value, reason); with `rest` all other vetoes are passed."""
        round, organiser = self.round(order), self.cast.organiser
        criteria = {row.code: row for row in given_once(round)}
        entries = {self.by_cluster[row.application.cluster_id].key: row for row in round.entries.select_related("application")}
        for key, code, value, reason in found:
            if key in entries:
                findings.record_finding(entries[key], criterion=criteria[code], value=value, reason=reason, actor=organiser, at=at)
        if rest and (unlooked := left(organiser, round)):
            findings.pass_rest(round, expected=len(unlooked), actor=organiser, at=at)

    # ------------------------------------------------------------ deciding
    def close(self, order: int, *, at: datetime, found: Iterable[tuple[str, str, str, str]] = ()) -> None:
        self.check(order, found, at=at - timedelta(minutes=30))
        rounds.close_round(self.round(order), actor=self.cast.organiser, at=at)

    def to_meeting(self, order: int, *, at: datetime, number: str):
        organiser = self.cast.organiser
        proposal = decisions.propose(self.round(order), actor=organiser, at=at)
        proposal = decisions.table_proposal(proposal, actor=organiser, at=at + HOUR)
        decisions.record_meeting(proposal, number=number, held_on=(at + DAY).date(), actor=organiser, at=at + DAY + HOUR)
        return proposal

    def sign(self, proposal, *, at: datetime, signers: int = 2):
        """By an organiser and, with `signers` 2, a decider: then it is released."""
        people = [self.cast.organiser, self.cast.deciders[0]][:signers]
        for number, person in enumerate(people):
            proposal.refresh_from_db()
            proposal = release.sign_release(proposal, digest=proposal.digest, actor=person, at=at + number * HOUR)
        return proposal

    def bind(self, proposal, terms, *, at: datetime) -> None:
        """The last of the chosen is chosen on a condition."""
        row = proposal.rows.filter(outcome="advance").order_by("-rank", "-entry_id").first()
        decisions.change_outcome(row, outcome=row.outcome, note=row.note, condition=terms, actor=self.cast.deciders[0], at=at)

    def whole_round(self, order: int, *, found: Iterable[tuple[str, str, str, str]] = (), terms=None, wanted: int = 0) -> None:
        """From intake to release; `terms`: the condition of the last who is chosen; `wanted`: as in `vote`."""
        if self.round(order).intake == "fresh":
            self.take_in(order)
        self.hold(order, wanted=wanted)
        closes = self.round(order).judging_closes
        self.close(order, at=closes + HOUR, found=found)
        proposal = self.to_meeting(order, at=closes + DAY, number=f"{self.competition.code}-{order}")
        if terms:
            self.bind(proposal, terms, at=closes + 2 * DAY + 2 * HOUR)
        self.sign(proposal, at=closes + 3 * DAY)
