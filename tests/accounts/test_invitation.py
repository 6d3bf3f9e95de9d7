from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts import selectors
from accounts.models import Invitation, User
from accounts.permissions import NotAllowed, roles
from accounts.services import invitation as services
from ledger.domain.reason import Reason, Refused
from ledger.models import Record
from tests.cast import sign_in
from tests.factories.accounts import PASSWORD, give, make_invitation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


def invite(cast, email="guest@example.org", **fields):
    fields = {"role": "evaluator", "scope": "competition:1", "actor": cast.organiser, "at": timezone.now()} | fields
    return services.invite(email, **fields)


ADDRESS = reverse_lazy("invitation_accept")


def follow(client, invitation, *, code=""):
    """What the script behind the link does, and the page that it leads to."""
    answer = client.post(reverse("link_open"), {"code": code or selectors.code(invitation)})
    assert answer.url == ADDRESS
    return client.get(ADDRESS)


def form(**fields):
    return {"name_zh": "王芳", "name_en": "", "language": "en", "password": PASSWORD, "password_again": PASSWORD} | fields


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


def test_the_letter_carries_the_link_and_no_row_does(cast, run_jobs, settings):
    invitation = invite(cast, name_zh="王芳", language="zh-hans")
    run_jobs()
    (letter,) = mail.outbox
    code = selectors.code(invitation)
    page = f"{settings.SITE_ADDRESS}/account/link/"
    link = f"{page}#{code}"
    assert letter.to == ["guest@example.org"]
    assert "王芳" in letter.body and "江苏省第一届" in letter.body and link in letter.body
    assert [line for line in letter.body.splitlines() if line in (link, code, page)] == [link, code, page]
    assert f'href="{link}"' in letter.alternatives[0].content and f"<code>{code}</code>" in letter.alternatives[0].content
    token = code.rpartition("-")[2]
    from jobs.models import Job

    assert token not in str(list(Job.objects.values())) + str(list(Invitation.objects.values())) + str(list(Record.objects.values()))


@pytest.mark.parametrize(("language", "words"), [("en", "Dear Wang Fang,"), ("zh-hans", "王芳：")])
def test_letters_are_in_the_reader_s_language(cast, run_jobs, language, words):
    invite(cast, name_zh="王芳", name_en="Wang Fang", language=language)
    run_jobs()
    assert words in mail.outbox[0].body


def test_accepting_opens_an_account_with_the_role(cast, client, records):
    invitation = invite(cast)
    assert follow(client, invitation).status_code == 200
    response = client.post(ADDRESS, form())
    assert (response.status_code, response.url) == (302, reverse("home"))
    user = User.objects.get(email="guest@example.org")
    assert (user.name_zh, user.language, user.check_password(PASSWORD)) == ("王芳", "en", True)
    assert roles(user, "competition:1") == {"evaluator"}
    assert client.get(reverse("profile")).status_code == 200
    assert [record.actor for record in records("invitation.accept")] == [f"user:{user.pk}"]


def test_the_link_works_once(cast, client):
    invitation = invite(cast)
    follow(client, invitation)
    client.post(ADDRESS, form())
    client.logout()
    assert follow(client, invitation).status_code == 410
    assert client.post(ADDRESS, form(password="another long password")).status_code == 410
    assert User.objects.get(email="guest@example.org").check_password(PASSWORD)


def test_wrong_late_withdrawn_and_renewed_links_open_nothing(cast, client):
    invitation = invite(cast)
    old = selectors.code(invitation)
    assert follow(client, invitation, code=old[:-2] + ("00" if old[-2:] != "00" else "11")).status_code == 410
    assert follow(client, invitation).status_code == 200
    services.renew(invitation, actor=cast.organiser, at=timezone.now())
    assert client.get(ADDRESS).status_code == 410
    assert follow(client, invitation, code=old).status_code == 410
    invitation.refresh_from_db()
    assert follow(client, invitation).status_code == 200
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert follow(client, invitation).status_code == 410
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    services.cancel(invitation, actor=cast.organiser, at=timezone.now())
    assert follow(client, invitation).status_code == 410


def test_a_link_renewed_while_the_page_was_open_does_not_pass(cast):
    invitation = invite(cast)
    opened = invitation.nonce
    services.renew(invitation, actor=cast.organiser, at=timezone.now())
    given = {"user": None, "at": timezone.now(), "nonce": opened, "password": PASSWORD, "name_zh": "王芳"}
    assert codes(lambda: services.accept(invitation, **given)) == ["accounts.invitation_void"]
    assert not User.objects.filter(email="guest@example.org").exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password": "guest@example.org", "password_again": "guest@example.org"}, "password"),
        ({"password_again": "something else"}, "password_again"),
        ({"name_zh": ""}, "name_zh"),
        ({"language": "fr"}, "language"),
    ],
)
def test_faults_stand_at_their_field(cast, client, fields, field):
    follow(client, invite(cast))
    response = client.post(ADDRESS, form(**fields))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not User.objects.filter(email="guest@example.org").exists()


def test_who_has_an_account_signs_in_first(cast, client):
    guest = make_user(email="guest@example.org")
    invitation = invite(cast)
    page = follow(client, invitation)
    assert f'href="{reverse("account_login")}?next={ADDRESS}"' in page.content.decode()
    client.post(ADDRESS, form(password="taken over by a stranger"))
    guest.refresh_from_db()
    assert guest.check_password(PASSWORD)
    client.post(reverse("account_login"), {"login": "guest@example.org", "password": PASSWORD, "next": ADDRESS})
    assert client.get(ADDRESS).status_code == 200
    assert client.post(ADDRESS).status_code == 302
    assert roles(User.objects.get(pk=guest.pk), "competition:1") == {"evaluator"}


def test_somebody_else_cannot_take_it(cast):
    invitation = invite(cast)
    rival = sign_in(cast.rival)
    assert follow(rival, invitation).status_code == 403
    assert rival.post(ADDRESS).status_code == 403
    invitation.refresh_from_db()
    assert invitation.used_at is None
    assert rival.post(ADDRESS, {"sign_out": "1"}).url == ADDRESS
    assert rival.get(ADDRESS).status_code == 200 and rival.get(reverse("profile")).status_code == 302


def test_a_side_taken_between_invitation_and_acceptance_is_refused(cast):
    guest = make_user(email="guest@example.org")
    invitation = invite(cast)
    give(guest, "applicant", "competition:1")
    own = sign_in(guest)
    follow(own, invitation)
    assert own.post(ADDRESS).status_code == 409
    assert roles(User.objects.get(pk=guest.pk), "competition:1") == {"applicant"}


def test_what_an_invitation_refuses(cast):
    invite(cast)
    assert codes(lambda: invite(cast, "GUEST@example.org")) == ["accounts.invitation_open"]
    assert codes(lambda: invite(cast, "x@example.org", scope="competition:3")) == ["accounts.scope_unknown"]
    assert codes(lambda: invite(cast, cast.organiser.email)) == ["accounts.role_self"]
    assert codes(lambda: invite(cast, cast.evaluator.email)) == ["accounts.role_held"]
    assert codes(lambda: invite(cast, cast.rival.email)) == ["accounts.side_taken_applicant"]
    with pytest.raises(NotAllowed):
        invite(cast, "x@example.org", actor=cast.decider)


def test_a_list_is_all_or_nothing(cast):
    lines = f"wang@example.org, 王芳\nnobody, 某人\n{cast.rival.email}, 对手\n"
    with pytest.raises(Refused) as caught:
        services.invite_many(lines, role="evaluator", scope="competition:1", actor=cast.organiser, at=timezone.now())
    assert caught.value.reasons == (Reason("accounts.line_email_wrong", {"line": 2, "email": "nobody"}),)
    lines = lines.replace("nobody", "nobody@example.org")
    with pytest.raises(Refused) as caught:
        services.invite_many(lines, role="evaluator", scope="competition:1", actor=cast.organiser, at=timezone.now())
    assert caught.value.reasons == (Reason("accounts.side_taken_applicant", {"line": 3, "name": cast.rival.display_name()}),)
    assert not Invitation.objects.exists()
    lines = lines.replace(cast.rival.email, "li@example.org")
    made = services.invite_many(lines, role="evaluator", scope="competition:1", actor=cast.organiser, at=timezone.now())
    assert [(invitation.email, invitation.name_zh) for invitation in made] == [
        ("wang@example.org", "王芳"),
        ("nobody@example.org", "某人"),
        ("li@example.org", "对手"),
    ]


def test_slips_are_shown_once(cast):
    organiser = sign_in(cast.organiser)
    response = organiser.post(
        reverse("invite", args=["competition:1"]), {"email": "guest@example.org", "role": "evaluator", "language": "en"}
    )
    invitation = Invitation.objects.get()
    assert response.url == reverse("invitation_slips", args=["competition:1"])
    first, second = organiser.get(response.url).content.decode(), organiser.get(response.url).content.decode()
    code = selectors.code(invitation)
    assert selectors.link(code) in first and f">{code}<" in first and "<svg" in first and "style=" not in first
    assert code not in second
    assert mail.outbox == []


def test_the_list_page_keeps_what_was_typed_and_names_the_lines(cast):
    organiser = sign_in(cast.organiser)
    data = {"people": "wang@example.org, 王芳\nnobody, 某人", "role": "evaluator", "language": "en"}
    response = organiser.post(reverse("invite_many", args=["competition:1"]), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["people"]
    assert "nobody, 某人" in response.content.decode()


def test_people_are_listed_with_a_constant_number_of_queries(cast, django_assert_num_queries):
    organiser = sign_in(cast.organiser)
    url = reverse("invite", args=["competition:2"])
    counts = []
    for _ in range(2):
        give(make_user(), "evaluator", "competition:2")
        make_invitation(scope="competition:2", invited_by=cast.organiser)
        give(make_user(), "recommender", "competition:2")
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            assert organiser.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_record_holds_no_address(cast):
    invite(cast, name_zh="王芳")
    assert "guest" not in str(list(Record.objects.values())) and "王芳" not in str(list(Record.objects.values()))
