"""The demo's field, read from `clusters.csv`: real clusters, and entrants marked 演示 that are invented. What is said of any of them
beyond the real ones' names is invented."""

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DemoCluster:
    """`key` names logins and figures; `scale` is output in 亿元, `merit` what the demo's evaluators see in it (0–100)."""

    key: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    sector: str
    track: str
    scale: int
    merit: int
    region: str = "320000"
    others: tuple[str, ...] = ()


def _read(row: dict) -> DemoCluster:
    numbers = {"scale": int(row["scale"]), "merit": int(row["merit"])}
    return DemoCluster(**row | numbers | {"others": tuple(row["others"].split())})


with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as table:
    CLUSTERS = tuple(_read(row) for row in csv.DictReader(table))
BY_KEY = {cluster.key: cluster for cluster in CLUSTERS}


def of_region(code: str) -> tuple[DemoCluster, ...]:
    return tuple(cluster for cluster in CLUSTERS if cluster.region == code)
