"""A formal check: a round without evaluators and marks. The organiser passes each item of each entry or does not, with the reason."""

from collections.abc import Mapping, Sequence

# What the scoring reads of it: nobody sits, nothing is weighted, and who fails one item is not eligible.
SCHEME = {
    "scale": "percent",
    "order": "sheet",
    "panel": {"method": "mean", "min_panel": 0},
    "rounding": {"sheet": 2, "panel": None, "weighted": None, "total": 0},
    "ties": [],
}
ITEMS = (
    ("P1", "申报主体符合通知规定的条件", "The applicant meets the conditions of the call"),
    ("P2", "材料齐全，按规定格式填写", "The material is complete and in the form that is asked for"),
    ("P3", "承诺书与证明材料签字盖章齐全", "Undertaking and proofs are signed and sealed"),
    ("P4", "在规定期限内提交，推荐程序完备", "Submitted in time, with the recommendations that are asked for"),
    ("P5", "不含国家秘密，数据口径一致", "No state secrets, and figures of one scope"),
)


def is_item(criterion: Mapping) -> bool:
    return criterion["kind"] == "veto" and criterion.get("given_by") == "organiser"


def checklist(dimensions: Sequence[Mapping]) -> list[dict]:
    """The usual items, then those that a rubric has already, without all else; these alone where they have codes of the usual ones."""
    kept = [{**row, "criteria": [item for item in row["criteria"] if is_item(item)]} for row in dimensions]
    kept = [row for row in kept if row["criteria"]]
    taken = {row["code"] for row in kept} | {item["code"] for row in kept for item in row["criteria"]}
    return kept if taken & {"P", *(code for code, _zh, _en in ITEMS)} else [*usual(), *kept]


def usual() -> list[dict]:
    items = [{"code": code, "name_zh": zh, "name_en": en, "kind": "veto", "given_by": "organiser"} for code, zh, en in ITEMS]
    return [{"code": "P", "name_zh": "形式审查", "name_en": "Formal check", "criteria": items}]
