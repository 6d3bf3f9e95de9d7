"""Organisations that register themselves, by their services."""

from itertools import count

from stdnum.cn import uscc

from competition.models import Region, Sector
from competition.services.registrations import register_organisation
from tests.factories.accounts import make_user
from tests.factories.competition import NOW
from tests.factories.serial import serial

_codes = count(1)


def credit_code() -> str:
    """A sound one, another each time."""
    base = f"51320000{next(_codes):09d}"
    return base + uscc.calc_check_digit(base)


def registration_values(*, cluster=None, region="320000", **fields) -> dict:
    n = serial()
    values = {"name_zh": f"注册中心{n}", "name_en": f"Registered Centre {n}", "credit_code": credit_code(), "cluster": cluster}
    if cluster is None:
        values |= {"cluster_zh": f"新集群{n}", "cluster_en": f"New Cluster {n}", "short_zh": f"新{n}", "short_en": ""}
        values |= {"region": Region.objects.get(code=region), "sector": Sector.objects.get(code="information")}
    return values | fields


def make_registration(user=None, *, at=NOW, **fields):
    """A pending registration, whose sender may draft."""
    return register_organisation(values=registration_values(**fields), actor=user or make_user(), at=at)
