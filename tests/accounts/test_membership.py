import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.permissions import NotAllowed, everywhere, forget, roles, scopes
from accounts.services.membership import end_role, give_role, refuse_second_side
from ledger.domain.reason import Reason, Refused
from tests.factories.accounts import give, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


def given(user, role, scope, actor=None):
    return give_role(user, role=role, scope=scope, actor=actor, at=timezone.now())


def refusal(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.reasons


def test_a_role_is_given_and_recorded(cast, records):
    membership = given(cast.stranger, "evaluator", "competition:1", cast.organiser)
    assert roles(cast.stranger, "competition:1") == {"evaluator"}
    assert roles(cast.stranger, "competition:2") == set()
    (record,) = records("membership.give")
    assert (record.actor, record.subject, record.scope) == (f"user:{cast.organiser.pk}", f"user:{cast.stranger.pk}", "competition:1")
    assert record.after == {"membership": membership.pk, "role": "evaluator", "scope": "competition:1"}


def test_everywhere_counts_in_every_scope(cast):
    assert roles(cast.organiser, "competition:1") == {"organiser"}
    assert everywhere(cast.organiser, "organiser")
    given(cast.stranger, "applicant", "organisation:7")
    given(cast.stranger, "applicant", "organisation:9")
    assert scopes(cast.stranger, "applicant", "organisation") == {"7", "9"}


@pytest.mark.parametrize("held", ["applicant", "evaluator", "decider", "supervisor"])
@pytest.mark.parametrize("wanted", ["applicant", "evaluator", "decider", "supervisor"])
def test_one_side_only_in_one_competition(held, wanted):
    user = make_user("Wang Fang", name_zh="王芳")
    give(user, held, "competition:1")
    if held == wanted:
        given(user, wanted, "competition:2")
    else:
        assert refusal(lambda: given(user, wanted, "competition:1")) == (
            Reason(f"accounts.side_taken_{held}", {"name": user.display_name()}),
        )
        given(user, wanted, "competition:2")
    assert roles(user, "competition:2") == {wanted}


def test_sides_are_seen_through_organisations_and_everywhere():
    party = make_user("Party")
    give(party, "applicant", "organisation:7")  # takes part in competition 2 only
    assert given(party, "evaluator", "competition:1")
    assert [r.code for r in refusal(lambda: given(party, "evaluator", "competition:2"))] == ["accounts.side_taken_applicant"]
    assert [r.code for r in refusal(lambda: given(party, "supervisor", "*"))] == ["accounts.side_taken_applicant"]
    judge = make_user("Judge")
    give(judge, "decider", "*")
    assert [r.code for r in refusal(lambda: given(judge, "applicant", "organisation:9"))] == ["accounts.side_taken_decider"]
    assert [r.code for r in refusal(lambda: refuse_second_side(judge, role="evaluator", scope="competition:1"))] == [
        "accounts.side_taken_decider"
    ]


def test_organisers_and_recommenders_may_hold_a_side_too():
    user = make_user("Recommender")
    give(user, "recommender", "competition:1")
    assert given(user, "applicant", "competition:1")


def test_what_is_refused(cast):
    stranger = cast.stranger
    assert refusal(lambda: given(stranger, "judge", "competition:1")) == (Reason("accounts.role_unknown", {"role": "judge"}),)
    assert refusal(lambda: given(stranger, "evaluator", "competition:3")) == (Reason("accounts.scope_unknown", {"scope": "competition:3"}),)
    assert refusal(lambda: given(cast.organiser, "decider", "*", cast.organiser)) == (Reason("accounts.role_self"),)
    given(stranger, "evaluator", "competition:1")
    assert [r.code for r in refusal(lambda: given(stranger, "evaluator", "competition:1"))] == ["accounts.role_held"]


def test_only_organisers_of_the_place_give(cast):
    local = make_user("Local")
    give(local, "organiser", "competition:1")
    assert given(cast.stranger, "evaluator", "competition:1", local)
    assert given(cast.stranger, "applicant", "organisation:7", local)
    for scope, code in (("competition:2", "accounts.not_organiser"), ("*", "accounts.not_organiser_everywhere")):
        with pytest.raises(NotAllowed) as caught:
            given(cast.stranger, "evaluator", scope, local)
        assert caught.value.reason == Reason(code)
    for person in (cast.decider, cast.supervisor, cast.operator, cast.evaluator):
        with pytest.raises(NotAllowed):
            given(cast.stranger, "evaluator", "competition:2", person)


def test_a_superuser_has_no_right(cast):
    root = make_user("Root", is_superuser=True, is_staff=True)
    with pytest.raises(NotAllowed):
        given(cast.stranger, "evaluator", "competition:1", root)
    assert not root.has_perm("accounts.change_user")


def test_ending_frees_the_side(cast, records):
    membership = given(cast.stranger, "evaluator", "competition:1")
    end_role(membership, actor=cast.organiser, at=timezone.now())
    assert given(cast.stranger, "applicant", "competition:1")
    assert [record.before["role"] for record in records("membership.end")] == ["evaluator"]
    assert [r.code for r in refusal(lambda: end_role(membership, actor=cast.organiser, at=timezone.now()))] == ["accounts.membership_ended"]


def test_the_last_organiser_stays(cast):
    own = Membership.objects.get(user=cast.organiser)
    second = give(make_user("Second"), "organiser", "*")
    end_role(second, actor=cast.organiser, at=timezone.now())
    assert refusal(lambda: end_role(own, actor=cast.organiser, at=timezone.now())) == (Reason("accounts.last_organiser"),)


def test_the_database_refuses_what_the_services_would():
    user = make_user("Twice")
    give(user, "evaluator", "competition:1")
    for role, scope in (("evaluator", "competition:1"), ("judge", "competition:1"), ("evaluator", "round:1")):
        with pytest.raises(IntegrityError), transaction.atomic():
            give(user, role, scope)


def test_rights_are_read_once_per_person(cast, django_assert_num_queries):
    forget(cast.organiser)
    with django_assert_num_queries(1):
        roles(cast.organiser)
        roles(cast.organiser, "competition:1")
        everywhere(cast.organiser, "organiser")
