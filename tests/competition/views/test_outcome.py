"""What an applicant sees of the own result: nothing before the release, the own values and how to object after it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from competition.labels import AWARDED
from competition.models import RulesEdition, Standing
from competition.selectors.outcomes import own_outcomes
from competition.services.awards import give_awards, revoke_award
from competition.services.decisions import propose, record_meeting, table_proposal
from competition.services.entries import answer_offer, withdraw_entry
from competition.services.release import sign_release
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db
RULE = {"take": {"top": 2}, "scope": "overall", "reserve": 1, "substitute": True}


@pytest.fixture
def race():
    """(round, entries, staff): closed, the third of four on the reserve list; dimension values in the snapshot."""
    round, entries = make_closed_round(("91.20", "88.45", "80.10", "70.25"), rule=RULE, contact="工信厅 010-1234")
    for row in Standing.objects.filter(standings__round=round):
        row.dimensions = {"A": "21.698500", "B": "19.345"}
        row.save(update_fields=["dimensions"])
    content = {"rounds": [{"order": 1, "rubric": [{"code": "A", "name_zh": "规模实力", "name_en": "Strength"}]}]}
    RulesEdition.objects.create(competition=round.competition, version=1, content=content, digest="d" * 64, published_at=NOW)
    staff = {name: make_user() for name in ("organiser", "decider")}
    for role, person in staff.items():
        give(person, role, f"competition:{round.competition_id}")
    return round, entries, staff


def release(round, staff, *, at=NOW):
    proposal = table_proposal(propose(round, actor=staff["organiser"], at=at), actor=staff["organiser"], at=at)
    record_meeting(proposal, number="2026-7", held_on=at.date(), actor=staff["organiser"], at=at)
    for person in staff.values():
        proposal = sign_release(proposal, digest=proposal.digest, actor=person, at=at)
    return proposal


def applicant_of(entry):
    user = make_user()
    give(user, "applicant", f"organisation:{entry.application.organisation_id}")
    return user


def page_of(user, entry):
    application = entry.application
    response = sign_in(user).get(reverse("competition:application_detail", args=[application.competition_id, application.pk]))
    assert response.status_code == 200
    return response


def test_before_the_release_nothing_of_it_is_there(race):
    _round, entries, _staff = race
    user = applicant_of(entries[1])
    response = page_of(user, entries[1])
    [own] = response.context["outcomes"]
    assert (own.released, own.total, own.dimensions, own.reason, own.notice) == (False, None, [], None, None)
    assert "88.45" not in response.content.decode()
    assert "21.70" not in response.content.decode()


def test_after_it_the_own_values_and_how_to_object(race):
    round, entries, staff = race
    proposal = release(round, staff)
    user = applicant_of(entries[3])
    response = page_of(user, entries[3])
    [own] = response.context["outcomes"]
    assert (own.total, own.reason.code) == ("70.25", "competition.behind_cut")
    assert [(row.code, row.value) for row in own.dimensions] == [("A", "21.70"), ("B", "19.35")]
    assert [row.name for row in own.dimensions][1] == "B"
    page = response.content.decode()
    assert proposal.notice.number in page
    assert "工信厅 010-1234" in page
    for other in ("91.20", "88.45", "80.10"):
        assert other not in page


def test_another_applicant_learns_nothing_of_it(race):
    round, entries, staff = race
    release(round, staff)
    stranger = applicant_of(entries[0])
    [own] = own_outcomes(stranger, entries[3].application)
    assert (own.released, own.total) == (False, None)
    application = entries[3].application
    address = reverse("competition:application_detail", args=[application.competition_id, application.pk])
    assert sign_in(stranger).get(address).status_code == 404


def test_a_reserve_answers_the_offer_of_a_freed_place(race):
    round, entries, staff = race
    release(round, staff)
    withdraw_entry(entries[0], reason="主体注销", actor=staff["organiser"], at=timezone.now())
    reserve = entries[2]
    user = applicant_of(reserve)
    [offer] = page_of(user, reserve).context["offers"]
    address = reverse("competition:offer_answer", args=[round.competition_id, offer.pk])
    client = sign_in(user)
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 302
    offer.refresh_from_db()
    assert offer.accepted is None  # an answer is one of two words, never the lack of one
    assert client.post(address, {"answer": "accept"}).status_code == 302
    reserve.refresh_from_db()
    offer.refresh_from_db()
    assert (reserve.outcome, offer.accepted) == ("advance", True)
    assert client.post(address, {"answer": "decline"}).status_code == 409


def test_in_a_round_that_is_not_the_last_it_does_not_advance_and_in_the_last_it_is_not_chosen(language):
    words = {"zh-hans": ("未晋级", "未入选"), "en": ("Does not advance", "Not chosen")}[language]
    for rounds, word in zip((2, 1), words, strict=True):
        round, entries = make_closed_round(("91.20", "88.45", "80.10", "70.25"), rule=RULE, rounds=rounds)
        release(round, {name: person(round, name) for name in ("organiser", "decider")})
        response = page_of(applicant_of(entries[3]), entries[3])
        with translation.override(language):  # the page was in its reader's
            assert response.context["outcomes"][0].word == word
        assert reverse("competition:entry_withdraw", args=[round.competition_id, entries[3].pk]) not in response.content.decode()


def person(round, role):
    user = make_user()
    give(user, role, f"competition:{round.competition_id}")
    return user


def test_an_award_stands_there_with_its_certificate_for_its_holder_alone(run_jobs):
    round, entries = make_closed_round(("91.20", "88.45", "80.10"), rule=RULE)
    staff = {name: person(round, name) for name in ("organiser", "decider")}
    then = timezone.now() - timedelta(days=40)
    release(round, staff, at=then)
    user, other = applicant_of(entries[0]), applicant_of(entries[1])
    assert page_of(user, entries[0]).context["awards"] == []
    first, *_more = give_awards(round, titles=("cluster",), actor=staff["organiser"], at=timezone.now())
    assert first.entry_id == entries[0].pk
    run_jobs()
    response = page_of(user, entries[0])
    [line] = response.context["awards"]
    assert response.context["outcomes"][0].word == AWARDED
    file = reverse("competition:document_file", args=[round.competition_id, line["paper"].document.pk])
    assert (line["award"].pk, line["state"]) == (first.pk, "valid")
    assert file in response.content.decode()
    assert b"".join(sign_in(user).get(file).streaming_content).startswith(b"%PDF")
    assert sign_in(other).get(file).status_code == 404
    revoke_award(first, reason="材料不实。", actor=staff["organiser"], at=timezone.now())
    page = page_of(user, entries[0]).content.decode()
    assert "材料不实。" in page
    assert file not in page


def test_an_offered_place_waits_on_the_lists_of_applicant_and_organiser(race):
    round, entries, staff = race
    release(round, staff)
    reserve = applicant_of(entries[2])
    listed = reverse("competition:application_list")
    assert sign_in(reserve).get(listed).context["todo"] == []
    withdraw_entry(entries[0], reason="自愿退出。", actor=staff["organiser"], at=timezone.now())
    response = sign_in(reserve).get(listed)
    assert [row.pk for row in response.context["todo"]] == [entries[2].application_id]
    address = reverse("competition:intake_detail", args=[round.competition_id, entries[2].application_id])
    assert address in sign_in(staff["organiser"]).get(reverse("competition:home", args=[round.competition_id])).content.decode()
    [offer] = entries[0].freed_places.all()
    answer_offer(offer, accepted=True, actor=reserve, at=timezone.now())
    assert sign_in(reserve).get(listed).context["todo"] == []
