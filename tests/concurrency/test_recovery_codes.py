"""The same recovery code, or code by mail, from two browsers at once, on PostgreSQL: one comes in. Without the lock both do."""

import threading

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.recovery_codes import RecoveryCodes
from accounts.services.mail_code import code_of, send_code, use_code
from tests.factories.accounts import make_user
from tests.together import meeting_in, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]


class Unlocked(RecoveryCodes):
    def _lock(self):
        self.instance = Authenticator.objects.get(pk=self.instance.pk)


@pytest.mark.parametrize(("codes", "winners"), [(RecoveryCodes, [False, True]), (Unlocked, [True, True])])
def test_one_of_two_at_once(monkeypatch, codes, winners):
    row = RecoveryCodes.activate(make_user()).instance
    meeting_in(monkeypatch, threading.Barrier(2), codes, "_lock")
    heard = []

    def come():
        heard.append(codes(Authenticator.objects.get(pk=row.pk)).validate_code(row.fresh[5]))

    assert together(come, come) == ["done", "done"]
    assert sorted(heard) == winners


def test_a_code_by_mail_at_once_is_used_once():
    person, at = make_user(), timezone.now()
    row = send_code(person, at=at)

    def come():
        use_code(row.pk, user=person, given=code_of(row), at=at)

    assert sorted(together(come, come)) == ["accounts.mail_code_over", "done"]
