"""A call that takes applications, with a small form of every kind of field, and answers that may be submitted."""

import io
import zipfile
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from competition.models import Form
from competition.services.applications import save_draft, start_application, submit_application
from competition.services.attachments import attach
from competition.services.rules import digest_of
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_cluster, make_competition, make_organisation, make_round, make_track


def text(zh, en):
    return {"zh": zh, "en": en}


DEFINITION = {
    "title": text("申报书", "Application"),
    "years": 3,
    "sections": [
        {
            "code": "promise",
            "label": text("一、承诺", "1 Undertaking"),
            "fields": [{"code": "truthful", "type": "undertaking", "label": text("属实", "True")}],
        },
        {
            "code": "profile",
            "label": text("二、概况", "2 Profile"),
            "fields": [
                {
                    "code": "model",
                    "type": "choice",
                    "label": text("模式", "Model"),
                    "options": [{"code": "a", "label": text("甲", "A")}, {"code": "b", "label": text("乙", "B")}],
                },
                {
                    "code": "area",
                    "type": "number",
                    "label": text("面积", "Area"),
                    "unit": text("平方公里", "km²"),
                    "decimals": 2,
                    "min": "0.01",
                },
                {"code": "history", "type": "long_text", "label": text("历程", "History"), "max_words": 12},
            ],
        },
        {
            "code": "data",
            "label": text("三、数据", "3 Data"),
            "fields": [
                {
                    "code": "figures",
                    "type": "table",
                    "label": text("数据", "Figures"),
                    "groups": [{"code": "A", "label": text("规模实力", "Strength")}],
                    "items": [
                        {
                            "code": "output",
                            "group": "A",
                            "label": text("产值", "Output"),
                            "unit": text("亿元", "100 m"),
                            "decimals": 2,
                            "min": "0",
                            "jump": ["-20", "60"],
                        },
                        {
                            "code": "growth",
                            "group": "A",
                            "label": text("增速", "Growth"),
                            "unit": text("%", "%"),
                            "computed": {"growth": "output"},
                        },
                    ],
                }
            ],
        },
        {
            "code": "papers",
            "label": text("四、附件", "4 Attachments"),
            "fields": [
                {"code": "licence", "type": "attachment", "label": text("证书", "Licence"), "types": ["pdf", "jpg"], "max_mb": 1},
                {
                    "code": "further",
                    "type": "attachment",
                    "label": text("其他", "Further"),
                    "types": ["pdf", "xlsx", "docx"],
                    "max_mb": 1,
                    "max_files": 3,
                    "required": False,
                },
            ],
        },
    ],
}
ANSWERS = {
    "truthful": True,
    "model": "b",
    "area": "12.5",
    "history": "二〇〇三年起步",
    "figures": {"output": {"values": {"2023": "412.60", "2024": "468.30", "2025": "521.75"}, "source": "统计局"}},
}
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


def pdf(name="登记证书.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def office(part="xl/workbook.xml", extra=()):
    """The smallest package that is an office file by its parts."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as package:
        for name in ("[Content_Types].xml", part, *extra):
            package.writestr(name, "<x/>")
    return body.getvalue()


def make_call(*, definition=DEFINITION, tracks=("information",), rounds=1, **fields):
    """A published competition whose first round takes applications around NOW. Gives `.competition .round .track .organiser`."""
    competition = make_competition(state="published", **fields)
    made = [make_track(competition, code, order=order) for order, code in enumerate(tracks)]
    for order in range(rounds):
        round = make_round(competition, state="open" if order == 0 else "planned", intake="fresh")
        Form.objects.create(round=round, version=1, definition=definition, digest=digest_of(definition), frozen_at=NOW)
    organiser = make_user()
    give(organiser, "organiser", f"competition:{competition.pk}", second_factor=True)
    return SimpleNamespace(
        competition=competition, round=competition.rounds.get(order=1), track=made[0] if made else None, organiser=organiser
    )


def make_applicant(user=None, **cluster):
    """A person who applies for an organisation with one cluster: (user, cluster)."""
    user = user or make_user()
    organisation = make_organisation()
    give(user, "applicant", f"organisation:{organisation.pk}")
    return user, make_cluster(organisation=organisation, **cluster)


def make_draft(call, user=None, *, answers=ANSWERS, complete=True, at=NOW):
    """A draft by its services; `complete`: with every answer and the file that is asked for. Gives (application, user)."""
    user, cluster = make_applicant(user)
    application = start_application(
        call.competition, cluster=cluster, organisation=cluster.organisation, track=call.track, actor=user, at=at
    )
    if complete:
        save_draft(application, data=answers, version=0, actor=user, at=at)
        attach(application, slot="licence", upload=pdf(), actor=user, at=at)
    application.refresh_from_db()
    return application, user


def make_submitted(call, user=None, *, at=NOW, answers=ANSWERS):
    """(application, user, revision)."""
    application, user = make_draft(call, user, answers=answers, at=at)
    revision = submit_application(application, actor=user, at=at)
    application.refresh_from_db()
    return application, user, revision
