"""Things that documents are made of, and reading a PDF back."""

import io
from datetime import date

from pypdf import PdfReader

from competition.models import Attachment, Award
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


def make_submitted(competition=None, *, files=2):
    """A revision with files, and its applicant, who holds the role for its organisation."""
    competition = competition or make_competition(
        state="published", demo=True, name_zh="江苏省先进制造业集群竞赛", name_en="Jiangsu Cluster Race"
    )
    if not competition.tracks.exists():
        make_track(competition)
    round = competition.rounds.first() or make_round(competition, name_zh="初赛", name_en="Preliminary", state="open")
    organisation = make_organisation(name_zh="无锡物联网促进中心", name_en="Wuxi IoT Promotion Centre")
    cluster = make_cluster(organisation=organisation, name_en="Wuxi Internet of Things Cluster")
    user = make_user("Applicant", name_zh="申报人")
    give(user, "applicant", f"organisation:{organisation.pk}")
    application = make_application(round, user, organisation=organisation, cluster=cluster, state="submitted")
    revision = make_revision(application, digest="9c41" * 16)
    for number in range(files):
        attachment = Attachment.objects.create(
            application=application,
            slot="annex",
            name=f"附件{number + 1}.pdf",
            content_type="application/pdf",
            size=1_834_567 + number,
            sha256=f"{number + 1}2bf" * 16,
            file=f"attachments/{application.pk}-{number}",
            uploaded_by=user,
            uploaded_at=NOW,
        )
        revision.attachments.add(attachment)
    return revision, user


def make_award(**fields) -> Award:
    """Of the last round of a competition with two rounds."""
    competition = fields.pop("competition", None) or make_competition(
        state="decided",
        demo=True,
        name_zh="2026年江苏省先进制造业集群竞赛",
        name_en="2026 Jiangsu Advanced Manufacturing Cluster Race",
        organiser_zh="（演示）江苏省竞赛组织委员会",
        organiser_en="(demo) Jiangsu Race Committee",
    )
    if not competition.rounds.exists():
        make_track(competition)
        make_round(competition, name_zh="初赛", name_en="Preliminary", state="released")
        make_round(competition, name_zh="决赛", name_en="Final", state="released")
    round = competition.rounds.order_by("-order").first()
    organisation = make_organisation(name_zh="无锡物联网促进中心", name_en="Wuxi IoT Promotion Centre")
    cluster = make_cluster(organisation=organisation, **fields.pop("cluster", {}))
    user = make_user()
    application = make_application(round, user, organisation=organisation, cluster=cluster, state="accepted")
    entry = make_entry(round, user, application=application, revision=make_revision(application), outcome="advance")
    serial = Award.objects.count() + 1
    return Award.objects.create(
        entry=entry,
        **{
            "title": "cluster",
            "holder_zh": cluster.name_zh,
            "holder_en": cluster.name_en,
            "number": f"2026-KQ7{serial:05}",
            "verify_code": f"7K4Q93XDB1FA{serial:04}",
            "valid_from": date(2026, 12, 18),
            "valid_until": date(2029, 12, 18),
            "given_at": NOW,
        }
        | fields,
    )


def read_pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All its words without the breaks that lines and pages put in."""
    return "".join("".join(page.extract_text().split()) for page in read_pdf(content).pages)


def fonts_of(content: bytes) -> dict[str, bool]:
    """Name of each font → whether its letters are in the file."""
    found = {}
    for page in read_pdf(content).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            descriptor = inner["/FontDescriptor"].get_object()
            found[str(font["/BaseFont"])] = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found
