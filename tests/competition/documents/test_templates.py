"""Each document template draws its documented context in both languages, escapes it, and asks for nothing but its own sheets."""

import re

import pytest
from django.template import engines
from django.template.loader import get_template
from django.utils import translation

EVIL = '<img src="http://evil.example/x">&'
DOC = {
    "title": EVIL,
    "number": "SM-2026-R-014",
    "edition": 2,
    "verify_code": "SM26-RPT4-2C4E-77A2-9QXD-3BFA-77KZ",
    "verify_url": "http://localhost:8000/verify/SM26-RPT4-2C4E-77A2-9QXD-3BFA-77KZ",
    "issued_at": "2026-11-27T09:30:12+08:00",
    "seal_number": 611,
    "seal_hash": "ab12" * 16,
    "draft": True,
    "demo": True,
}
ROWS = [
    {"label": EVIL, "rank": 1, "outcome": "in", "tied": False, "total": "90.82"},
    {"label": "无锡物联网", "rank": 2, "outcome": "reserve", "tied": False, "total": "89.02"},
    {"label": "西安航空", "rank": 3, "outcome": "out", "tied": False, "total": "82.01"},
]
BOTH = {"zh": EVIL, "en": EVIL}
CONTEXTS = {
    "ballot": {
        **dict.fromkeys(("competition", "round", "cluster", "evaluator", "track", "recusal", "application", "ground", "digest"), EVIL),
        "submitted_at": "2026-11-27T09:30:12+08:00",
        "revision": 2,
        "answers": [{"words": EVIL, "chosen": True}, {"words": "反对", "chosen": False}],
        "rule": [EVIL],
    },
    "check_form": {
        **dict.fromkeys(("competition", "round", "cluster", "organisation", "region", "track", "receipt", "outcome"), EVIL),
        "revision": None,
        "items": [
            {
                **dict.fromkeys(("code", "name", "found", "reason", "evidence", "by"), EVIL),
                "failed": True,
                "at": "2026-11-27T09:30:12+08:00",
            },
            {"code": "P2", "name": EVIL, "found": "—", "failed": False, "reason": "", "evidence": "", "by": "", "at": None},
        ],
        "signatures": [EVIL],
    },
    "check_summary": {
        "competition": EVIL,
        "round": EVIL,
        "closed_at": "2026-11-27T09:30:12+08:00",
        "items": [{"code": EVIL, "name": EVIL}],
        "rows": [
            {"name": EVIL, "region": EVIL, "items": [{"found": EVIL, "failed": True}], "reason": EVIL, "outcome": EVIL, "passed": False}
        ],
        "passed": 0,
        "notes": [EVIL],
        "signatures": [EVIL],
    },
    "award_report": {
        "competition": EVIL,
        "last_round": True,
        "addressee": EVIL,
        "author": EVIL,
        "date": "2026-11-27",
        "confidential": True,
        "conclusion": {"advance": 1, "reserve": 1, "undecided": 2, "text": EVIL},
        "funnel": [[EVIL, 3, EVIL], ["决赛", 1, ""]],
        "method": [EVIL],
        "rules": {"version": 3, "digest": "1f09"},
        "regions": [{"name": EVIL, "entered": 3, "ranked": 2, "advanced": 1}],
        "round": EVIL,
        "lists": [
            {
                "name": EVIL,
                "lanes": {"rows": ROWS, "cut": 1, "reserve": 1},
                "standings": [
                    {
                        "rank": row["rank"],
                        "tied": False,
                        "name": row["label"],
                        "region": EVIL,
                        "total": row["total"],
                        "outcome": row["outcome"],
                        "outcome_text": EVIL,
                        "note": EVIL,
                        "line": line,
                    }
                    for row, line in zip(ROWS, ("", "cut", "spare"), strict=True)
                ],
            }
        ],
        "margins": [EVIL],
        "changes": [{"name": EVIL, "from": EVIL, "to": EVIL, "reason": EVIL}],
        "race": {
            "lanes": [{"key": "a", "label": EVIL, "name": EVIL, "ranks": [2, 1], "outcome": "in", "tied": False}],
            "stages": [{"name": EVIL, "note": "", "cut": None}, {"name": "决赛", "note": "", "cut": 1}],
            "chosen": ["a"],
        },
        "tiles": {
            "regions": [{"key": "320000", "label": "江苏", "name": EVIL, "col": 7, "row": 4, "recommends": True}],
            "counts": {"320000": 3},
        },
        "snapshot": {"number": 2, "digest": "ab12", "computed_at": "2026-11-25T18:04:00+08:00"},
        "proposal": {"number": 3, "digest": "cd34"},
        "meeting": {"number": EVIL, "held_on": "2026-11-27", "minutes": "ef56"},
        "signed": [{"name": EVIL, "at": "2026-11-27T18:04:00+08:00"}],
        "signatures": [EVIL],
    },
    "certificate": {
        "number": "2026-KQ7",
        "holder": BOTH,
        "title": BOTH,
        "competition": BOTH,
        "rounds": BOTH,
        "organisation": BOTH,
        "issuer": BOTH,
        "date": "2026-12-18",
        "valid_from": "2026-12-18",
        "valid_until": "2029-12-17",
    },
    "score_sheet": {
        "competition": EVIL,
        "round": EVIL,
        "cluster": EVIL,
        "evaluator": "E-03",
        "track": EVIL,
        "submitted_at": "2026-11-25T11:02:31+08:00",
        "revision": 1,
        "rubric": EVIL,
        "recusal": EVIL,
        "application": EVIL,
        "dimensions": [
            {
                "code": "A",
                "name": EVIL,
                "weight": 25,
                "subtotal": None,
                "criteria": [{"code": "A1", "name": EVIL, "weight": 6, "kind": EVIL, "mark": None, "counted": None}],
            }
        ],
        "weight": 100,
        "total": "88.05",
        "comment": EVIL,
        "digest": "9c41" * 16,
    },
    "panel_summary": {
        "competition": EVIL,
        "round": EVIL,
        "panel": EVIL,
        "scheme": [EVIL],
        "closed_at": "2026-11-25T18:04:00+08:00",
        "evaluators": ["E-01", "E-02"],
        "rows": [
            {
                "rank": None,
                "tied": False,
                "name": EVIL,
                "note": EVIL,
                "marks": [{"text": "", "dropped": False, "code": ""}, {"text": "91.0", "dropped": True, "code": "E-02"}],
                "mean": "90.0",
                "total": None,
                "spread": "2.0",
                "outcome": "in",
            }
        ],
        "notes": [EVIL],
        "signatures": [EVIL],
    },
    "recommendation_letter": {
        "competition": EVIL,
        "addressee": EVIL,
        "region": EVIL,
        "places": 3,
        "used": 1,
        "date": "2026-09-30",
        "rows": [
            {
                "preference": 1,
                "cluster": EVIL,
                "lead": EVIL,
                "others": EVIL,
                "organisation": EVIL,
                "credit_code": "X",
                "track": EVIL,
                "receipt": "SL-1",
                "revision": 2,
                "opinion": EVIL,
                "decided": "2026-09-30",
            }
        ],
    },
    "receipt": {
        "receipt": "R-2026-017",
        "competition": EVIL,
        "round": EVIL,
        "cluster": EVIL,
        "organisation": EVIL,
        "application": "2026-C-017",
        "revision": 1,
        "received_at": "2026-09-29T16:02:11+08:00",
        "deadline": "2026-10-01T00:00:00+08:00",
        "form_digest": "9c41" * 16,
        "files": [{"name": EVIL, "kind": "PDF", "size": "1.8 MB", "sha256": "02bf" * 16}],
        "next": [EVIL],
    },
}


@pytest.fixture(autouse=True)
def missing_values_shout(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "MISSING %s")


def draw(kind, language, **doc):
    with translation.override(language):
        return get_template(f"documents/{kind}.html").render({**CONTEXTS[kind], "doc": {**DOC, **doc}})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", CONTEXTS)
def test_a_document_draws_its_context_and_fetches_nothing_else(kind, language):
    html = draw(kind, language)
    assert "MISSING" not in html
    assert "<img" not in html and " style=" not in html and "<script" not in html
    assert all(address.startswith("static:css/print/") for address in re.findall(r'(?:href|src)="([^"]*)"', html))
    for mark in (DOC["number"], DOC["verify_code"], f"611:{DOC['seal_hash']}", "DEMO DATA", "watermark"):
        assert mark in html
    assert html == draw(kind, language)


@pytest.mark.parametrize("kind", CONTEXTS)
def test_marks_of_draft_and_demo_are_left_out_where_they_are_not_true(kind):
    html = draw(kind, "zh-hans", draft=False, demo=False)
    assert "DEMO DATA" not in html and "watermark" not in html and "演示之印" not in html


def test_the_line_stands_between_inside_and_outside():
    html = draw("award_report", "en")
    assert re.findall(r'<tr class="(\w+)"', html) == ["cut", "spare"]


def test_a_deadline_at_midnight_reads_as_24():
    assert "2026年9月30日 星期三 24:00" in draw("receipt", "zh-hans")


def test_dropped_sheets_are_marked():
    assert re.search(r'<td class="num dropped"><small>E-02</small><br><span>91.0</span></td>', draw("panel_summary", "en"))
