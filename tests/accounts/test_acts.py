"""Acts of programs that do not hear the answer; and what no key can do, whatever its scopes and its owner."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.domain.tokens import SCOPES
from accounts.models import ApiAct
from accounts.services.acts import KEPT, forget_acts, once
from ledger.domain.reason import Reason, Refused
from tests.accounts.test_tokens import key
from tests.factories.accounts import give, make_user

pytestmark = pytest.mark.django_db


def test_an_act_is_done_once_for_each_key_and_person():
    done, at = [], timezone.now()
    person, other = make_user(), make_user()

    def ask(text, asked="a", actor=person):
        return once(lambda: done.append(asked) or len(done), key=text, asked=[asked], actor=actor, at=at)

    assert [ask("k"), ask("k"), ask("k", actor=other), ask("l"), ask(""), ask("")] == [1, 1, 2, 3, 4, 5]
    with pytest.raises(Refused) as refused:
        ask("k", "b")
    assert refused.value.reason.code == "accounts.act_key_used"
    assert done == ["a"] * 5


def test_what_was_refused_may_be_tried_again_and_a_week_is_remembered():
    person, at = make_user(), timezone.now()

    def refuse():
        raise Refused(Reason("accounts.not_found"))

    with pytest.raises(Refused):
        once(refuse, key="k", asked=[], actor=person, at=at)
    assert once(lambda: 7, key="k", asked=[], actor=person, at=at) == 7
    forget_acts(at=at + KEPT)
    assert once(lambda: 8, key="k", asked=[], actor=person, at=at) == 7
    forget_acts(at=at + KEPT + timedelta(seconds=1))
    assert not ApiAct.objects.exists()


PAGES = {
    "competition:proposal_sign": [1, 1],
    "membership_end": [1],
    "invite": ["competition:1"],
    "token_list": [],
    "competition:competition_publish": [1],
}


def test_pages_know_no_key(settings):
    """What needs a second factor, gives a role or makes a key stands in pages only, and those ask for a session."""
    settings.SECOND_FACTOR_REQUIRED = False
    owner = make_user("Owner")
    give(owner, "organiser", "*")
    _, text = key(owner, *SCOPES)
    for name, arguments in PAGES.items():
        answer = Client().post(reverse(name, args=arguments), {"digest": "0" * 64}, headers={"Authorization": f"Bearer {text}"})
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, reverse("account_login")), name
