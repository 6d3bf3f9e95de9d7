"""What the codes of regions and sectors are called, from the files that every installation begins with: reasons are also said
where no database is open. A code that they do not know stands for itself."""

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).resolve().parent.parent / "data"


def region_names() -> dict[str, str]:
    return _names("regions.csv", _english())


def sector_names() -> dict[str, str]:
    return _names("sectors.csv", _english())


def _english() -> bool:
    return (get_language() or "").startswith("en")


@cache
def _names(file: str, english: bool) -> dict[str, str]:
    with (DATA / file).open(encoding="utf-8-sig", newline="") as rows:
        return {row["code"]: (row["name_en"] if english else row["name_zh"]) for row in csv.DictReader(rows)}
