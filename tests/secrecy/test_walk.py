"""Who sees scores, ranks and outcomes, asked of every page: by numbers that are found again, and by a race in which the first
is the last, where whoever may not know must read the very same."""

import re
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from tests.secrecy.race import CHECK, NOTE, change_marks, make_race, numbers
from tests.secrecy.walk import Asked, addresses, settled, visit

STAFF = ("organiser", "decider", "supervisor")
CONFLICTED = ("conflicted_organiser", "conflicted_decider")
PEOPLE = ("anonymous", "stranger", "applicant", "rival", "evaluator", "other_evaluator", "operator", *STAFF, *CONFLICTED)
# Whoever is refused as somebody else is, and the second reading, say the same in another language on another database.
LIKEWISE = {"stranger", "rival", "other_evaluator", "operator", *CONFLICTED}
WALKERS = [pytest.param(person, marks=[pytest.mark.once] if person in LIKEWISE else []) for person in PEOPLE]
# One of each sort reads the race a second time, with other results.
AGAIN = ("anonymous", "applicant", "evaluator", "operator", *STAFF, *CONFLICTED)
NUMBER = re.compile(r"(?<![\d.])\d\d\.\d\d(?!\d)")
CHECKED = re.compile(CHECK + r"-(\w+)")
NOTED = re.compile(NOTE + r"-(\w+)")
# New keys and tokens each time, the machine's disk and clock; nothing of a race.
CREDENTIALS = re.compile("/account/|/operations/")
REFUSED = ("403", "404", "405")


@pytest.fixture(scope="module")
def race(django_db_setup, django_db_blocker):
    """Built once at a moment that stands still, rolled back at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        at = timezone.now()
        patch.setattr(timezone, "now", lambda: at)
        clock = SimpleNamespace(time=at.timestamp)  # of sessions: however long a walk takes, none is used anew or grows stale
        for module in ("accounts.session_limits", "accounts.second_factor", "tests.cast"):
            patch.setattr(f"{module}.time", clock)
        yield make_race()
        transaction.set_rollback(True)


class Seen(dict):
    """Person → address → what they got, walked when it is first asked for; `readings`: person → addresses whose reading went
    into the ledger; `asked`: person → pages that ask too much. What answers to no GET (405 to the organiser) is asked once."""

    def __init__(self, race):
        self.race, self.readings, self.asked, self.routes = race, {}, {}, addresses(race)
        self.urls = list(self.routes)

    def __missing__(self, person):
        urls = self.urls if person == "organiser" else [url for url, page in self["organiser"].items() if page[:3] != "405"]
        self.readings[person], self.asked[person] = set(), Asked(self.routes)
        self[person] = visit(self.race, person, urls, self.readings[person], self.asked[person])
        return self[person]


@pytest.fixture(scope="module")
def seen(race):
    return Seen(race)


@pytest.fixture(scope="module")
def planted(race):
    return numbers(race)


def may_know(person: str, stage: str, owner: str, judge: str) -> bool:
    """The rule, written down once more and on its own."""
    if judge and judge == person:
        return True
    if person in STAFF:
        return stage in ("closed", "released")
    return person == owner and stage == "released" and not judge


def otherwise(race, person, stages, urls) -> dict[str, str]:
    """What they read where these rounds came out otherwise."""
    with transaction.atomic():
        change_marks(race, stages)
        now = visit(race, person, urls)
        transaction.set_rollback(True)
    for stage in race.stages.values():
        if stage.proposal:
            stage.proposal.refresh_from_db()
    return now


def differing(before, now) -> list[str]:
    return [url for url in now if settled(now[url]) != settled(before[url])]


@pytest.mark.django_db
@pytest.mark.parametrize("person", WALKERS)
def test_no_page_breaks(seen, person):
    assert [url for url, page in seen[person].items() if page.startswith("5") and url != "/readyz"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("person", WALKERS)
def test_no_page_asks_the_database_more_than_a_page_may(seen, person):
    assert seen[person] and seen.asked[person] == {}


@pytest.mark.once
@pytest.mark.django_db
def test_a_page_that_asks_more_is_found_with_what_it_asks(race, seen):
    asked = Asked(seen.routes, most=3)
    visit(race, "organiser", ["/organising/", "/healthz"], asked=asked)
    [(url, (number, *statements))] = asked.items()
    assert (url, number) == ("/organising/", f"{len(statements)} queries")
    assert len(statements) > 3 and "django_session" in statements[0]


@pytest.mark.django_db
def test_the_walk_meets_what_it_looks_for(race, seen, planted):
    """Whoever may read finds every total where they may: the walk goes past the pages that matter."""

    def met(person):
        return {whose for page in seen[person].values() for number in NUMBER.findall(page) for whose in planted.get(number, ())}

    totals = {(stage, owner, "") for stage in ("closed", "released") for owner in race.owners}
    for person in STAFF:
        assert totals <= met(person)
    assert ("released", "applicant", "") in met("applicant")
    assert {("judging", "applicant", "evaluator"), ("closed", "applicant", "evaluator")} <= met("evaluator")
    assert {stage for page in seen["decider"].values() for stage in NOTED.findall(page)} == {"closed"}


@pytest.mark.django_db
@pytest.mark.parametrize("person", WALKERS)
def test_nobody_reads_a_number_that_is_not_theirs(seen, planted, person):
    leaks = []
    for url, page in seen[person].items():
        for number in sorted(set(NUMBER.findall(page))):
            owners = planted.get(number, ())
            if owners and not any(may_know(person, *whose) for whose in owners):
                leaks.append((url, number, sorted(owners)))
        leaks += [(url, note) for note in NOTED.findall(page) if not (person in STAFF and note == "closed")]
    assert leaks == []


@pytest.mark.django_db
@pytest.mark.parametrize("person", WALKERS)
def test_why_points_were_given_is_read_by_whom_it_concerns(seen, person):
    """Who checks and who watches from the beginning, the deciding body once the round is closed, its applicant after the release; whoever
    is bound to another cluster of the round no longer once it is closed."""
    everywhere, judged = {"released", "closed", "reopened", "judging"}, {"reopened", "judging"}
    may = {"organiser": everywhere, "supervisor": everywhere, "decider": {"released", "closed"}, "applicant": {"released"}}
    may |= {"conflicted_organiser": judged}
    assert {stage for page in seen[person].values() for stage in CHECKED.findall(page)} == may.get(person, set())


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("person", AGAIN)
def test_what_may_not_be_known_changes_nothing(race, seen, person):
    """Neither a number nor an order, a count, a word or a header tells: another result gives the same pages. Staff without a
    conflict read the closed round, so for them only rounds that are judged differ."""
    stages = ("reopened", "judging") if person in STAFF else ("reopened", "judging", "closed", "released")
    released = race.stages["released"]
    own = f"/c/{race.competition.pk}/applications/{released.entries['applicant'].application_id}/"
    told = {own, f"{own}figures/{released.round.pk}/"} if person == "applicant" else set()
    open_to = [url for url, page in seen[person].items() if page[:3] not in REFUSED and url not in told and not CREDENTIALS.match(url)]
    assert differing(seen[person], otherwise(race, person, stages, open_to)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("person", STAFF)
def test_reading_others_scores_is_recorded(seen, planted, person):
    """Every page on which a total, a mark or a changed outcome of somebody stands."""
    unrecorded = [
        url
        for url, page in seen[person].items()
        if url not in seen.readings[person] and (NOTED.search(page) or any(number in planted for number in NUMBER.findall(page)))
    ]
    assert unrecorded == []


# What staff may know of a closed round without a reading: how many outcomes are still to be settled.
WAITING = {"/deciding/", "/organising/"}


@pytest.mark.once
@pytest.mark.django_db
def test_reading_an_outcome_is_recorded(race, seen):
    """Every page that would be another with another result of the closed round."""
    open_to = [
        url
        for url, page in seen["decider"].items()
        if page[:3] not in REFUSED and not CREDENTIALS.match(url) and url not in seen.readings["decider"]
    ]
    told = differing(seen["decider"], otherwise(race, "decider", ("closed",), open_to))
    assert [url for url in told if url not in WAITING] == []
