"""A race on paper: two rounds, the first released, the second judged sheet by sheet and closed, with a proposal."""

from datetime import timedelta
from types import SimpleNamespace

from competition.domain.standing import StandingRow
from competition.models import AdvancementRule, Competition, Proposal, ProposalRow, Round
from competition.services.decisions import propose
from competition.services.standings import record_snapshot
from evaluations.models import Criterion, Scheme, SheetVersion
from evaluations.services.standings import record_standings
from tests.factories.accounts import give, make_user
from tests.factories.competition import (
    NOW,
    make_application,
    make_cluster,
    make_competition,
    make_entry,
    make_organisation,
    make_revision,
    make_round,
    make_track,
)
from tests.factories.evaluations import make_assignment, make_evaluator, make_rubric, make_sheet

NAMES = (
    ("无锡市物联网集群", "Wuxi Internet of Things Cluster", "无锡物联网", "Wuxi IoT"),
    ("苏州市纳米新材料集群", "Suzhou Nanomaterials Cluster", "苏州纳米", "Suzhou nano"),
    ("徐州市工程机械集群", "Xuzhou Construction Machinery Cluster", "徐州工程机械", "Xuzhou machinery"),
    ("常州市新型碳材料集群", "Changzhou Carbon Materials Cluster", "常州碳材料", "Changzhou carbon"),
    ("南京市软件和信息服务集群", "Nanjing Software Cluster", "南京软件", "Nanjing software"),
    ("南通市高端纺织集群", "Nantong High-end Textiles Cluster", "南通纺织", "Nantong textiles"),
    ("泰州市生物医药集群", "Taizhou Biomedicine Cluster", "泰州医药", "Taizhou biomed"),
    ("盐城市风电装备集群", "Yancheng Wind Power Cluster", "盐城风电", "Yancheng wind"),
    ("扬州市高端装备集群", "Yangzhou Equipment Cluster", "扬州装备", "Yangzhou equip."),
    ("镇江市新材料集群", "Zhenjiang New Materials Cluster", "镇江新材料", "Zhenjiang mat."),
)
DEFINITION = {
    "scale": "percent",
    "order": "sheet",
    "panel": {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 5, "min_panel": 3},
    "rounding": {"sheet": 2, "panel": None, "weighted": None, "total": 2},
    "ties": ["dimension:B", "dimension:A", "untrimmed_mean", "median"],
}
WEIGHTS = {"A1": 15, "A2": 10, "B1": 15, "B2": 10, "C1": 20, "D1": 15, "E1": 15}


def make_papers(*, in_final: int = 6, places: int = 2, reserve: int = 1, evaluators: int = 6, **fields) -> SimpleNamespace:
    """`competition, first, final` (rounds), `entries` (of the final), `evaluators`, `sheets`, `proposal`, `organiser`. The panel is
    of even size, the fourth and fifth entries get the same marks."""
    competition = make_competition(
        **{
            "state": "published",
            "demo": True,
            "name_zh": "2026年江苏省先进制造业集群竞赛",
            "name_en": "2026 Jiangsu Advanced Manufacturing Cluster Race",
            "organiser_zh": "（演示）江苏省竞赛组织委员会",
            "organiser_en": "(demo) Jiangsu Race Committee",
        }
        | fields
    )
    track = make_track(competition)
    first = make_round(competition, name_zh="初赛", name_en="Preliminary", state="released", intake="fresh")
    final = make_round(competition, name_zh="决赛", name_en="Final", state="judging", intake="carry")
    organiser = make_user("Li Zuzhi", name_zh="李组织")
    give(organiser, "organiser", f"competition:{competition.pk}")
    entries, early, writer = [], [], make_user()
    for position, (zh, en, short_zh, short_en) in enumerate(NAMES):
        organisation = make_organisation(name_zh=f"{zh[:-2]}促进中心", name_en=f"{en} Promotion Centre")
        cluster = make_cluster(organisation=organisation, name_zh=zh, name_en=en, short_zh=short_zh, short_en=short_en)
        application = make_application(first, writer, organisation=organisation, cluster=cluster, track=track, state="accepted")
        revision = make_revision(application)
        goes_on = position < in_final
        early.append(make_entry(first, writer, application=application, revision=revision, outcome="advance" if goes_on else "eliminated"))
        if goes_on:
            entries.append(make_entry(final, writer, application=application, revision=revision))
    _release(first, early, in_final, organiser)
    people, sheets = judge(final, entries, evaluators)
    AdvancementRule.objects.create(
        round=final,
        version=1,
        rule={"take": {"top": places}, "scope": "overall", "reserve": reserve, "at_the_line": "panel"},
        digest="a" * 64,
        frozen_at=NOW,
    )
    Round.objects.filter(pk=final.pk).update(state="closed")
    final = Round.objects.select_related("competition").get(pk=final.pk)
    record_standings(final, actor=organiser, at=NOW)
    proposal = propose(final, actor=organiser, at=NOW + timedelta(hours=2))
    return SimpleNamespace(
        competition=Competition.objects.get(pk=competition.pk),
        first=first,
        final=final,
        entries=entries,
        evaluators=people,
        sheets=sheets,
        proposal=proposal,
        organiser=organiser,
    )


def judge(round, entries, count: int):
    """Everybody marks every entry, submitted and locked; the marks fall with the entry's place."""
    rubric = make_rubric(round, WEIGHTS)
    Scheme.objects.create(round=round, version=1, definition=DEFINITION, digest="d" * 64)
    codes = list(Criterion.objects.filter(dimension__rubric=rubric).values_list("code", flat=True))
    people, sheets = [make_evaluator(make_user(f"Evaluator {number}")) for number in range(count)], []
    for person in people:
        give(person.user, "evaluator", f"competition:{round.competition_id}")
    for place, entry in enumerate(entries):
        merit = 3 if place == 4 else place
        for seat, person in enumerate(people):
            marks = {code: (94 - 3 * merit - (seat * 7 + k * 5) % 9) * 100 for k, code in enumerate(codes)}
            sheet = make_sheet(
                make_assignment(entry, person), marks, state="locked", submitted_at=NOW, comment="链主带动强，本地配套率有证明。"
            )
            SheetVersion.objects.create(
                sheet=sheet, number=1, marks=marks, comment=sheet.comment, digest="9c41" * 16, submitted_at=NOW - timedelta(hours=3)
            )
            sheets.append(sheet)
    return people, sheets


def _release(round, entries, places: int, organiser) -> Proposal:
    """The first round as it was announced; its ranks run against the order of the final at the top."""
    order = [1, 0, *range(2, len(entries))]
    rows = [
        StandingRow(entry=entries[index].pk, rank=place, track_rank=place, total=f"{90 - place}.40", exact=f"{(90 - place) * 10 + 4}/10")
        for place, index in enumerate(order, 1)
    ]
    standings = record_snapshot(
        round, rows=rows, scores_version=9, input_digest="b" * 64, scheme_digest="c" * 64, method={"order": "sheet"}, actor=None, at=NOW
    )
    rule = AdvancementRule.objects.create(round=round, version=1, rule={"take": {"top": places}}, digest="a" * 64, frozen_at=NOW)
    proposal = Proposal.objects.create(
        round=round,
        number=1,
        standings=standings,
        rule=rule,
        state="released",
        digest="e" * 64,
        created_by=organiser,
        created_at=NOW,
        released_at=NOW,
    )
    for row in rows:
        outcome = "advance" if row.rank <= places else "eliminated"
        ProposalRow.objects.create(
            proposal=proposal,
            entry_id=row.entry,
            rank=row.rank,
            computed=outcome,
            outcome=outcome,
            reason={"code": "competition.behind_cut", "params": {}},
        )
    return proposal
