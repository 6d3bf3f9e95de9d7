"""A round that is being judged now, by the default rules, with sheets to fill in."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from competition.models import Attachment, Form
from competition.selectors.formats import read_format
from evaluations.models import Sheet, Undertaking
from evaluations.parts import RubricPart, SchemePart
from tests.factories.accounts import give, make_user
from tests.factories.competition import (
    make_application,
    make_cluster,
    make_competition,
    make_entry,
    make_organisation,
    make_revision,
    make_round,
)
from tests.factories.evaluations import make_assignment, make_evaluator

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def answers(definition, year: int) -> dict:
    """Every written answer, and figures that differ from item to item and year to year."""
    data = {}
    for section in definition["sections"]:
        for field in section["fields"]:
            if field["type"] in ("text", "long_text"):
                data[field["code"]] = f"{field['label']['zh']}：已建成联合创新中心，签订合同 11 份。"
            elif field["type"] == "table":
                data[field["code"]] = {
                    item["code"]: {
                        "values": {str(year - 3 + n): str(40 + place + 3 * n) for n in range(3)},
                        "source": "统计年鉴",
                    }
                    for place, item in enumerate(field["items"])
                    if "computed" not in item
                }
    return data


def make_judging(*, competition=None, round=None, at: datetime | None = None, state: str = "judging", organiser=None):
    """`.round .competition .organiser`; seats come from `make_seat`."""
    at = at or timezone.now()
    competition = competition or make_competition(state="published")
    round = round or make_round(
        competition,
        state=state,
        seats=2,
        intake_opens=at - timedelta(days=30),
        intake_closes=at - timedelta(days=10),
        judging_opens=at - timedelta(days=2),
        judging_closes=at + timedelta(days=3),
    )
    rules = read_format()["rounds"][0]
    RubricPart().seed(round, rules)
    SchemePart().seed(round, rules)
    Form.objects.create(round=round, version=1, definition=rules["form"], digest="f" * 64)
    organiser = organiser or make_user("Judging Organiser")
    give(organiser, "organiser", f"competition:{competition.pk}")
    return SimpleNamespace(round=round, competition=competition, organiser=organiser)


def make_judge(scene, user=None, **fields):
    """An evaluator of the competition with the undertaking signed."""
    user = user or make_user()
    scope = f"competition:{scene.competition.pk}"
    if not user.memberships.live().filter(role="evaluator", scope=scope).exists():
        give(user, "evaluator", scope)
    evaluator = getattr(user, "evaluator", None) or make_evaluator(user, **fields)
    Undertaking.objects.create(round=scene.round, evaluator=evaluator, text_digest="0" * 64, signed_at=timezone.now())
    return evaluator


def make_judged_entry(scene, *, name: str = "", files: int = 1):
    """An accepted application with figures, texts and a file."""
    organisation = make_organisation()
    named = {"name_zh": name} if name else {}
    applicant = make_user()
    application = make_application(
        scene.round, applicant, state="accepted", organisation=organisation, cluster=make_cluster(organisation=organisation, **named)
    )
    definition = scene.round.forms.get().definition
    revision = make_revision(application, data=answers(definition, scene.competition.year))
    for number in range(files):
        key = default_storage.save("attachments/aa/" + f"{revision.pk:08x}{number:032x}", ContentFile(PDF))
        file = Attachment.objects.create(
            application=application,
            slot="figure_proofs",
            name=f"配套率统计证明{number}.pdf",
            content_type="application/pdf",
            size=len(PDF),
            sha256="ab" * 32,
            file=key,
            uploaded_by=applicant,
            uploaded_at=revision.submitted_at,
        )
        revision.attachments.add(file)
    return make_entry(scene.round, applicant, application=application, revision=revision)


def make_seat(scene, evaluator, *, entry=None, state: str = "confirmed", **fields):
    """A seat, with its sheet where it is confirmed."""
    seat = make_assignment(entry or make_judged_entry(scene), evaluator, state=state, **fields)
    if state == "confirmed":
        Sheet.objects.create(assignment=seat, revision=seat.entry.revision, rubric=scene.round.rubrics.get())
    return seat


def marked(scene) -> list[str]:
    """Codes of what evaluators mark, in the order of the sheet."""
    return [
        criterion.code
        for dimension in scene.round.rubrics.get().dimensions.all()
        for criterion in dimension.criteria.all()
        if criterion.on_sheet and criterion.kind != "metric"
    ]
