from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.permissions import everywhere
from accounts.services.profile import change_profile
from tests.factories.accounts import PASSWORD, give, make_user

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


def test_the_first_organiser_comes_in_by_the_printed_link(settings):
    link = run("setup_organiser", "chen@example.org")
    assert link.startswith(settings.SITE_ADDRESS + "/account/link/#i-")
    client = Client()
    data = {"name_zh": "陈望", "language": "zh-hans", "password": PASSWORD, "password_again": PASSWORD}
    client.post(reverse("link_open"), {"code": link})
    assert client.post(reverse("invitation_accept"), data).status_code == 302
    assert everywhere(User.objects.get(email="chen@example.org"), "organiser")
    with pytest.raises(CommandError, match="There is an organiser already"):
        run("setup_organiser", "other@example.org")
    assert run("setup_organiser", "other@example.org", "--again").startswith(settings.SITE_ADDRESS)


def test_asking_again_voids_the_first_link():
    first, second = run("setup_organiser", "chen@example.org"), run("setup_organiser", "chen@example.org")
    assert first != second and Invitation.objects.count() == 1
    opened = [Client().post(reverse("link_open"), {"code": link}, follow=True).status_code for link in (first, second)]
    assert opened == [410, 200]


def test_a_wrong_address_is_one_line():
    with pytest.raises(CommandError, match="is not an e-mail address"):
        run("setup_organiser", "chen")


def test_a_lost_second_factor_is_removed_and_told(run_jobs, records):
    user = make_user(email="lin@example.org", language="en")
    give(user, "decider", "competition:1")
    assert "removed" in run("reset_second_factor", "LIN@example.org")
    run_jobs()
    assert [letter.subject for letter in mail.outbox] == ["Saima: your second factor was removed"]
    assert [record.subject for record in records("second_factor.reset")] == [f"user:{user.pk}"]
    with pytest.raises(CommandError, match="no second factor"):
        run("reset_second_factor", "lin@example.org")
    with pytest.raises(CommandError, match="no account"):
        run("reset_second_factor", "nobody@example.org")


def test_a_changed_profile_is_recorded_without_its_words(records):
    user = make_user(name_zh="王芳")
    fields = {"name_en": user.name_en, "language": user.language, "phone": "", "mail_rhythm": user.mail_rhythm}
    change_profile(user, name_zh="王芬", **fields, at=timezone.now())
    change_profile(user, name_zh="王芬", **fields, at=timezone.now())
    assert [record.after for record in records("account.change")] == [{"fields": ["name_zh"]}]
