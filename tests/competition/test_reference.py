"""Regions and sectors are there after migrate, and loading them again changes nothing."""

import pytest

from competition.models import Region, Sector
from competition.services.reference import load_reference

pytestmark = pytest.mark.django_db


def test_loaded_after_migrate_and_only_once():
    before = (list(Region.objects.values_list()), list(Sector.objects.values_list()))
    load_reference()
    assert (list(Region.objects.values_list()), list(Sector.objects.values_list())) == before
    assert (Region.objects.count(), Sector.objects.count()) == (40, 9)
    assert Region.objects.get(code="440300").parent.name_zh == "广东省"
