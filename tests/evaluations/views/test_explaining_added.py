"""What is added to a round's points on the page and in the panel summary: earlier rounds, bonuses, and vetoes that take the rank away."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from competition.documents.render import pdf
from competition.models import Standing
from competition.services.documents import issue
from tests.cast import sign_in
from tests.factories.carried import make_carried
from tests.factories.competition import NOW
from tests.factories.documents import text_of

pytestmark = pytest.mark.django_db
# This round, with 40 of the first (X 82.30, Y 82.20, Z 79.30), with the bonus.
WAYS = {
    "sheet": {
        "X": ("(40 × 82.3 + 60 × 79.8) / 100 = 80.8", "80.8 − 0.75 = 80.05"),
        "Y": ("(40 × 82.2 + 60 × 82.8) / 100 = 82.56", "82.56 + 1.2 = 83.76"),
    },
    "criterion": {
        "X": ("(40 × 82.3 + 60 × 78.8) / 100 = 80.2", "80.2 − 0.75 = 79.45"),
        "Y": ("(40 × 82.2 + 60 × 81.9) / 100 = 82.02", "82.02 + 1.2 = 83.22"),
    },
}
WORDS = {
    "en": {
        "carry": "Round 1: official total 82.2, weight 40",
        "once": "2 given once; clipped to −3 … 2: 2",
        "panel": "(1 + 0.5) / 2 = 1.5 / 2 = 0.75 dropped: {3} −2, {4} 2; clipped to −3 … 2: 0.75",
        "cap": "Bonus together: 2.5; clipped to −2.5 … 1.2: 1.2",
        "vetoes": "V1 Criterion V1: failed V2 Criterion V2: failed ({2})",
        "why": "Not eligible: veto item V1 is not met.",
    },
    "zh-hans": {
        "carry": "第1轮：正式总分 82.2，权重 40",
        "once": "2 统一给定；限于 −3 至 2 之间： 2",
        "panel": "(1 + 0.5) / 2 = 1.5 / 2 = 0.75 去掉： {3} −2, {4} 2；限于 −3 至 2 之间： 0.75",
        "cap": "加减分合计： 2.5；限于 −2.5 至 1.2 之间： 1.2",
        "vetoes": "V1 指标V1：未通过 V2 指标V2：未通过 ({2})",
        "why": "不具备资格：一票否决项 V1 未通过。",
    },
}


def said(judged, name, language):
    reader = judged.decider
    type(reader).objects.filter(pk=reader.pk).update(language=language)
    reader.refresh_from_db()
    address = reverse("evaluations:standing_why", args=[judged.round.competition_id, judged.round.pk, judged.entries[name].pk])
    return squeezed(unescape(strip_tags(sign_in(reader).get(address).content.decode())))


def squeezed(text):
    return "".join(text.split())


def words(language, key, judged):
    text = WORDS[language][key]
    for place, person in enumerate(judged.evaluators, 1):
        text = text.replace(f"{{{place}}}", person.code)
    return squeezed(text)


@pytest.mark.parametrize(("order", "language"), [("sheet", "zh-hans"), ("criterion", "en")])
def test_the_page_leads_through_carry_bonus_and_veto(order, language):
    judged = make_carried(order)
    found = {name: said(judged, name, language) for name in "XYZ"}
    for name, ways in WAYS[order].items():
        assert all(squeezed(way) in found[name] for way in ways)
    for name, key in (("Y", "carry"), ("Y", "once"), ("X", "panel"), ("Y", "cap"), ("Z", "vetoes"), ("Z", "why")):
        assert words(language, key, judged) in found[name]
    assert words(language, "why", judged) not in found["X"]


@pytest.mark.parametrize(("order", "language"), [("sheet", "en"), ("criterion", "zh-hans")])
def test_the_panel_summary_leads_through_the_same_and_the_file_says_it(order, language):
    judged = make_carried(order)
    document = issue("panel_summary", str(judged.round.pk), language=language, actor=judged.organiser, at=NOW)
    first, second, last = document.context["rows"]
    carry, total = WAYS[order]["X"]
    bonus = {
        "en": "Bonus: F1 −1.5; F3 (1 + 0.5) / 2 = 0.75; together −0.75",
        "zh-hans": "加减分：F1 −1.5；F3 (1 + 0.5) / 2 = 0.75；合计 −0.75",
    }[language]
    capped = {
        "en": "F3 (1 + 1) / 2 = 1; together 2.5, kept within −2.5 and 1.2: 1.2",
        "zh-hans": "F3 (1 + 1) / 2 = 1；合计 2.5，限于 −2.5 至 1.2：1.2",
    }[language]
    second_code = judged.evaluators[1].code
    vetoes = {"en": f"V1 failed; V2 failed ({second_code})", "zh-hans": f"V1 未通过；V2 未通过 ({second_code})"}[language]
    assert [line for line in second["lines"] if line == bonus] == [bonus]
    assert any(line.endswith(carry) for line in second["lines"]) and any(line.endswith(total) for line in second["lines"])
    assert any(line.endswith(capped) for line in first["lines"]) and any(line.endswith(vetoes) for line in last["lines"])
    file = text_of(pdf(document)[0])
    lines = [*first["lines"], *second["lines"], *last["lines"], *document.context["scheme"]]
    assert [line for line in lines if squeezed(line) not in file] == []


@pytest.mark.parametrize("order", ["sheet", "criterion"])
def test_the_table_holds_marks_points_and_what_was_dropped(order):
    judged = make_carried(order)
    second = issue("panel_summary", str(judged.round.pk), language="en", actor=judged.organiser, at=NOW).context["rows"][1]
    assert second["total"] == Standing.objects.get(standings__round=judged.round, entry=judged.entries["X"]).total
    (table,) = second["tables"]
    cells = [[(cell["text"], cell["sub"], cell["dropped"]) for cell in row["cells"]] for row in table["rows"]]
    assert [(head["code"], head["sub"]) for head in table["heads"]][:2] == [("A1", "× 60 / 100"), ("B1", "× 40 / 100")]
    if order == "sheet":
        assert [row[2][2] for row in cells] == [False, False, True, True]
        assert cells[0] == [("70", "42", False), ("95", "38", False), ("80.00", "", False)]
        assert cells[2] == [("69", "41.4", False), ("90", "36", False), ("77.40", "", True)]
        assert [row[2][0] for row in cells] == ["80.00", "79.60", "77.40", "80.20"]
    else:
        assert [[dropped for _text, _sub, dropped in row] for row in cells[:4]] == [
            [False, True],
            [False, False],
            [True, False],
            [True, True],
        ]
        assert [[text for text, _sub, _dropped in row] for row in cells[4:]] == [["71", "90.5"], ["42.6", "36.2"]]
