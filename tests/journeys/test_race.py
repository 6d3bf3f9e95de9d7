import pytest

from tests.journeys.race import run_race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900), pytest.mark.browser]


def test_from_an_empty_database_to_the_certificate(people_on, clock, office_screen, field_screen):
    run_race(people_on(office_screen), people_on(field_screen), clock)
