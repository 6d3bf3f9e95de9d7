"""In a blind round an evaluator finds neither cluster, organisation nor region, on whatever page, in the API, a file or a message."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.services.notifications import notify
from competition.domain.blindness import code_of
from competition.models import Attachment, Competition, Conflict, Document, Entry, Region, Round
from competition.selectors.formats import read_format
from competition.services.documents import issue
from competition.services.parties import fix_parties
from evaluations.models import Mark, SheetVersion
from evaluations.services.assignments import confirm
from ledger.domain import canonical
from ledger.domain.reason import Refused
from tests.cast import sign_in
from tests.factories.competition import make_application, make_cluster, make_entry, make_organisation, make_revision
from tests.factories.desks import answers, make_judge, make_judging, make_seat
from tests.secrecy.walk import routes

pytestmark = pytest.mark.django_db
# What would tell who applies, each word in one place only.
SECRETS = {
    "cluster": "玄铁集群",
    "organisation": "玄铁促进会",
    "region": "玄铁省",
    "credit code": "91320000MA1XUANTIE",
    "territory": "玄铁山以南",
    "source": "玄铁统计局",
    "file": "玄铁附件",
    "proof": "玄铁证明",
    "partner": "玄铁联合体",
    "partner's code": "91320000MA1XLIANHE",
    "partner's region": "玄铁州",
    "partner's part": "玄铁中试",
}


@pytest.fixture
def scene(client):
    """One evaluator with a seat to answer, a sheet that was returned and one that is submitted, with its paper; another with none."""
    now = timezone.now()
    scene = make_judging()
    Round.objects.filter(pk=scene.round.pk).update(blind=True, seed="d6" * 16)
    scene.round.refresh_from_db()
    Region.objects.create(
        code="990000", name_zh=SECRETS["region"], name_en=SECRETS["region"], short_zh="玄", kind="province", macro_region="east"
    )
    Region.objects.create(
        code="980000",
        name_zh=SECRETS["partner's region"],
        name_en=SECRETS["partner's region"],
        short_zh="州",
        kind="province",
        macro_region="east",
    )
    Competition.objects.filter(pk=scene.competition.pk).update(joint_entries=True)
    scene.competition.refresh_from_db()
    scene.evaluator, scene.other = make_judge(scene), make_judge(scene)
    scene.seats = [make_seat(scene, scene.evaluator, entry=_entry(scene, n), state=state) for n, state in enumerate(STATES)]
    scene.sheets = [seat.sheet for seat in scene.seats[1:]]
    returned, submitted = scene.sheets
    returned.state, returned.return_reason = "returned", "请核对。"
    submitted.state, submitted.submitted_at = "submitted", now
    for sheet in scene.sheets:
        sheet.save()
    SheetVersion.objects.create(sheet=submitted, number=1, marks={}, digest="e" * 64, submitted_at=now)
    notify("sheet.return", f"sheet:{returned.pk}", [scene.evaluator.user_id], at=now)
    issue("score_sheet", str(submitted.pk), language="zh-hans", actor=None, at=now)
    scene.document = Document.objects.get(kind="score_sheet")
    scene.document.sha256, scene.document.pages, scene.document.rendered_at = "9" * 64, 1, now
    scene.document.file.save("planted.pdf", ContentFile(canonical.encode(scene.document.context)), save=True)
    return scene


STATES = ("published", "confirmed", "confirmed")


def _entry(scene, number: int) -> Entry:
    named = f"{SECRETS['organisation']}{number}"
    organisation = make_organisation(name_zh=named, name_en=named)
    named = f"{SECRETS['cluster']}{number}"
    region = Region.objects.get(code="990000")
    cluster = make_cluster(
        organisation=organisation,
        name_zh=named,
        name_en=named,
        short_zh=f"玄铁{number}",
        short_en="",
        lead_region_id=region.pk,
        regions=[region],
    )
    application = make_application(scene.round, scene.other.user, state="accepted", organisation=organisation, cluster=cluster)
    definition = scene.round.forms.get().definition
    data = answers(definition, scene.competition.year) | {"credit_code": SECRETS["credit code"], "territory": SECRETS["territory"]}
    for row in data["figures"].values():
        row["source"] = SECRETS["source"]
    revision = make_revision(application, data=data)
    for slot, name in (("figure_proofs", SECRETS["proof"]), ("further", SECRETS["file"])):
        file = Attachment.objects.create(
            application=application,
            slot=slot,
            name=f"{name}.pdf",
            content_type="application/pdf",
            size=3,
            sha256="ab" * 32,
            file=ContentFile(b"PDF", name="planted-attachment"),
            uploaded_by=scene.other.user,
            uploaded_at=revision.submitted_at,
        )
        revision.attachments.add(file)
    party = {"name_zh": SECRETS["partner"], "name_en": "", "credit_code": SECRETS["partner's code"]}
    fix_parties(revision, [party | {"region": "980000", "role": SECRETS["partner's part"]}])
    return make_entry(scene.round, scene.other.user, application=application, revision=revision)


def addresses(scene) -> dict[str, str]:
    entries = [seat.entry for seat in scene.seats]
    values = {
        "pk": [scene.competition.pk],
        "competition_pk": [scene.competition.pk],
        "round_pk": [scene.round.pk],
        "code": [scene.competition.code],
        "round_code": [scene.round.code],
        "seat_pk": [seat.pk for seat in scene.seats],
        "sheet_pk": [sheet.pk for sheet in scene.sheets],
        "entry_pk": [entry.pk for entry in entries],
        "application_pk": [entry.application_id for entry in entries],
        "cluster_pk": [entry.application.cluster_id for entry in entries],
        "file_pk": list(Attachment.objects.values_list("pk", flat=True)),
        "attachment_pk": list(Attachment.objects.values_list("pk", flat=True)),
        "document_pk": [scene.document.pk],
        "notification_pk": list(scene.evaluator.user.notifications.values_list("pk", flat=True)),
        "user_pk": [scene.other.user_id],
        "number": [1],
    }
    found = {}
    for route, names in routes():
        for chosen in product(*(values.get(name, [1]) for name in names)):
            found[reverse(route, kwargs=dict(zip(names, chosen, strict=True)))] = route
    return found


def walk(person, urls) -> dict[str, str]:
    """What came back, with its headers, of what answered with something."""
    client, found = sign_in(person, fresh=True), {}
    client.raise_request_exception = False
    for url in urls:
        response = client.get(url)
        if response.status_code == 200:
            content = b"".join(response.streaming_content) if response.streaming else response.content
            found[url] = f"{dict(response.items())}\n{content.decode(errors='replace')}"
    return found


def told(seen, urls, word) -> set[str]:
    return {urls[url] for url, text in seen.items() if SECRETS[word] in text}


def test_an_evaluator_of_a_blind_round_finds_nobody(scene):
    urls = addresses(scene)
    mine = walk(scene.evaluator.user, urls)
    everybodys = walk(scene.other.user, [url for url, text in mine.items() if SECRETS["region"] in text])
    assert {
        word: told({url: text for url, text in mine.items() if url not in everybodys}, urls, word) for word in SECRETS
    } == dict.fromkeys(SECRETS, set())
    # The walk reaches what it is about, and every page there names the entries by their codes.
    codes = [code_of(scene.round.seed, seat.entry_id) for seat in scene.seats]
    naming = {urls[url] for url, text in mine.items() if any(code in text for code in codes)}
    assert naming == {
        *(
            "evaluations:my_round",
            "evaluations:seat_answer",
            "evaluations:sheet_edit",
            "evaluations:sheet_submit",
            "evaluations:sheet_file",
        ),
        *("notification_list", "api_assignments", "api_assignment", "competition:document_file", "competition:document_detail"),
    }
    # Nor do evaluators learn of one another.
    name = scene.other.user.display_name()
    assert {urls[url] for url, text in mine.items() if name in text} == set()


def test_in_an_open_round_the_same_pages_name_them(scene):
    """The control of the walk."""
    Round.objects.update(blind=False)
    urls = addresses(scene)
    mine = walk(scene.evaluator.user, [url for url, route in urls.items() if route.startswith(("evaluations:", "api_assignment"))])
    sheets = {"evaluations:sheet_edit"}
    assert {word: told(mine, urls, word) for word in SECRETS} == {
        "cluster": {
            *("evaluations:my_round", "evaluations:seat_answer", "evaluations:sheet_edit", "evaluations:sheet_submit"),
            *("api_assignments", "api_assignment"),
        },
        "organisation": {"evaluations:seat_answer"},
        "region": {"evaluations:my_round", "evaluations:seat_answer"},
        "credit code": sheets,
        "territory": sheets,
        "source": sheets,
        "file": sheets,
        "proof": sheets,
        "partner": sheets,
        "partner's code": set(),
        "partner's region": sheets,
        "partner's part": sheets,
    }


def test_the_staff_see_who_it_is_beside_the_code(scene):
    seat, codes = scene.seats[0], [code_of(scene.round.seed, seat.entry_id) for seat in scene.seats]
    page = sign_in(scene.organiser).get(reverse("evaluations:entry_seats", args=[scene.competition.pk, seat.entry_id])).content.decode()
    assert codes[0] in page and f"{SECRETS['cluster']}0" in page
    assert len(set(codes)) == 3


def test_a_conflict_on_file_refuses_the_seat_without_its_kind(scene):
    seat = scene.seats[0]
    Conflict.objects.create(
        user=scene.evaluator.user,
        cluster=seat.entry.application.cluster,
        kind="adviser",
        declared_by=scene.organiser,
        declared_at=timezone.now() - timedelta(days=1),
    )
    with pytest.raises(Refused) as refused:
        confirm(seat, actor=scene.evaluator.user, at=timezone.now())
    assert [(reason.code, reason.params) for reason in refused.value.reasons] == [("evaluations.conflict_blind", {})]


def test_recusing_from_a_blind_seat_binds_the_person_to_the_cluster(scene):
    seat = scene.seats[1]
    url = reverse("evaluations:seat_answer", args=[scene.competition.pk, seat.pk])
    answer = sign_in(scene.evaluator.user).post(url, {"kind": "adviser", "reason": "曾任顾问。"}, follow=True).content.decode()
    assert code_of(scene.round.seed, seat.entry_id) in answer and SECRETS["cluster"] not in answer
    bond = Conflict.objects.get(user=scene.evaluator.user)
    assert (bond.cluster_id, bond.kind) == (seat.entry.application.cluster_id, "adviser")


def test_computed_points_stand_although_their_sources_do_not(scene):
    """What is hidden changes no mark."""
    from evaluations.selectors.desk import desk

    sheet = scene.sheets[0]
    Mark.objects.filter(sheet=sheet).delete()
    blind, whole = desk(scene.evaluator.user, sheet), desk(scene.organiser, sheet)
    assert [row.points for row in blind.rows] == [row.points for row in whole.rows]
    assert {figures.source for _group, rows in blind.figures for figures in rows} == {""}
    hidden = {
        field["code"]
        for section in read_format()["rounds"][0]["form"]["sections"]
        for field in section["fields"]
        if field.get("identifying")
    }
    assert hidden == {"signed_undertaking", "territory", "core_park", "licence", "figure_proofs"}
