"""Regions and sectors that every installation begins with."""

import csv
from pathlib import Path

from django.db import transaction

from competition.models import Region, Sector

DATA = Path(__file__).resolve().parent.parent / "data"


def _rows(name):
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_reference() -> None:
    """Adds what is missing and changes nothing that is there; run after each migrate."""
    rows = sorted(_rows("regions.csv"), key=lambda row: row["parent"] != "")
    Region.objects.bulk_create(
        [
            Region(
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                short_zh=row["short_zh"],
                kind=row["kind"],
                parent_id=row["parent"] or None,
                macro_region=row["macro_region"],
                tile_col=int(row["tile_col"]) if row["tile_col"] else None,
                tile_row=int(row["tile_row"]) if row["tile_row"] else None,
                recommends=row["recommends"] == "1",
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )
    Sector.objects.bulk_create([Sector(**row) for row in _rows("sectors.csv")], ignore_conflicts=True)
