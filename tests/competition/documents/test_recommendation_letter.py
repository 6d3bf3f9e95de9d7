"""The letter of recommendation with its table: what it says, who may have it."""

import io
from datetime import timedelta

import pytest
from django.utils import translation
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.permissions import NotAllowed
from competition.documents.context.recommendation import workbook
from competition.documents.render import pdf
from competition.models import Region
from competition.services.documents import issue
from competition.services.recommendations import export_table, order_recommendations, recommend
from ledger.models import Record
from tests.factories.competition import NOW
from tests.factories.recommending import make_asked, make_asking_call, make_speaker

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def region():
    """Two recommended, the second first; the first is a joint entry."""
    call, speaker = make_asking_call({"320000": 5}), make_speaker()
    joint = make_asked(call, regions=Region.objects.filter(code__in=["320000", "330000"]))
    rows = [recommend(row, opinion=f"意见{n}", actor=speaker, at=LATER) for n, row in enumerate((joint, make_asked(call)), 1)]
    make_asked(call)
    quota = call.quotas["320000"]
    order_recommendations(quota, wanted=[rows[1].pk, rows[0].pk], before=[row.pk for row in rows], actor=speaker, at=LATER)
    return call, speaker, quota, rows


def test_letter_and_table(region):
    call, speaker, quota, rows = region
    document = issue("recommendation_letter", str(quota.pk), language="zh-hans", actor=speaker, at=LATER)
    told = [(row["preference"], row["cluster"], row["others"], row["opinion"]) for row in document.context["rows"]]
    clusters = [row.application.cluster.name_zh for row in rows]
    assert told == [(1, clusters[1], "", "意见2"), (2, clusters[0], "浙江省", "意见1")]
    assert (document.context["places"], document.context["used"]) == (5, 2)
    content, pages = pdf(document)
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert pages == 2 and all(word in words.replace("\n", "") for word in ("推荐函", "推荐汇总表", "意见1", "江苏省"))
    english = issue("recommendation_letter", str(quota.pk), language="en", actor=None, at=LATER)
    assert english.context["rows"][1]["others"] == "Zhejiang"
    with pytest.raises(NotAllowed):
        issue("recommendation_letter", str(quota.pk), language="en", actor=make_speaker("330000"), at=LATER)


def test_the_same_table_for_a_spreadsheet(region):
    call, speaker, quota, rows = region
    with translation.override("zh-hans"):
        file = workbook(quota, export_table(quota, actor=speaker, at=LATER))
    sheet = load_workbook(io.BytesIO(file)).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=4)]
    assert [(line[0], line[1], line[8]) for line in lines] == [
        (1, rows[1].application.cluster.name_zh, "意见2"),
        (2, rows[0].application.cluster.name_zh, "意见1"),
    ]
    assert Record.objects.get(action="quota.export").after == {"region": "320000", "rows": 2}
