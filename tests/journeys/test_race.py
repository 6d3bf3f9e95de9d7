import pytest

from tests.journeys.race import run_race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900), pytest.mark.browser]

# Who organises and decides, and who applies, judges and reads. Over both languages everybody works on either screen;
# each kind of page is looked at on both, in both languages.
SCREENS = {"zh-hans": ("desktop", "phone"), "en": ("phone", "desktop")}


def test_from_an_empty_database_to_the_certificate(people_on, clock, language):
    office, field = map(people_on, SCREENS[language])
    run_race(office, field, clock)
