"""The pages on which an organisation gets in: what each side sees and does there."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition.models import Registration
from competition.selectors.registrations import own_registrations
from competition.services.registrations import confirm_registration, refuse_registration
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.applying import make_call
from tests.factories.competition import make_cluster, make_organisation
from tests.factories.registering import credit_code, make_registration, registration_values

pytestmark = pytest.mark.django_db
MINE, MAKE, QUEUE = (reverse(f"competition:registration_{name}") for name in ("list", "make", "queue"))


@pytest.fixture
def recommender():
    user = make_user("Region", name_zh="省厅")
    give(user, "recommender", "region:320000")
    return user


def typed(**fields):
    values = registration_values(**fields)
    return {name: getattr(value, "pk", value) for name, value in values.items() if value is not None}


def open_call():
    call = make_call()
    type(call.round).objects.filter(pk=call.round.pk).update(intake_closes=timezone.now() + timezone.timedelta(days=3))
    return call


def test_from_the_account_to_the_draft():
    user, call = make_user(), open_call()
    client = sign_in(user)
    assert MINE in client.get(reverse("home")).content.decode()
    assert MAKE in client.get(MINE).content.decode()
    assert client.post(MAKE, typed(name_zh="苏州生物医药促进中心")).url == MINE
    assert client.get(reverse("home")).url == reverse("competition:application_list")
    applications = client.get(reverse("competition:application_list")).content.decode()
    assert "苏州生物医药促进中心的注册申请正在审核" in applications
    assert reverse("competition:application_start", args=[call.competition.pk]) in applications


def test_the_submit_page_says_why_not_yet(recommender):
    registration, call = make_registration(), open_call()
    client = sign_in(registration.user)
    started = client.post(
        reverse("competition:application_start", args=[call.competition.pk]), {"cluster": registration.cluster_id, "track": call.track.pk}
    )
    submit = started.url.replace("form/", "submit/")
    words = "贵单位的注册尚未确认"
    assert words in client.get(submit).content.decode()
    response = client.post(submit, {"key": "k", "version": "0"})
    assert response.status_code == 409 and words in response.content.decode()
    confirm_registration(registration, actor=recommender, at=timezone.now())
    assert words not in client.get(submit).content.decode()


def test_a_fault_stands_at_its_field_and_nothing_is_lost():
    client = sign_in(make_user())
    taken = make_organisation(credit_code=credit_code(), name_zh="不可说出的单位")
    response = client.post(MAKE, typed(credit_code=taken.credit_code, name_zh="新来的中心"))
    page = response.content.decode()
    assert response.status_code == 422 and list(response.context["form"].errors) == ["credit_code"]
    assert "邀请您" in page and "新来的中心" in page and "不可说出的单位" not in page
    empty = client.post(MAKE, {"name_zh": "甲", "credit_code": "123"})
    assert sorted(empty.context["form"].errors) == ["cluster_zh", "credit_code", "region", "sector", "short_zh"]
    assert not Registration.objects.exists()


def test_a_code_typed_with_spaces_and_small_letters_is_taken():
    client, cluster, code = sign_in(make_user()), make_cluster(), credit_code()
    assert client.post(MAKE, typed(cluster=cluster, credit_code=f" {code[:9]} {code[9:].lower()}")).status_code == 302
    row = Registration.objects.get()
    assert (row.credit_code, row.cluster, row.new_cluster) == (code, cluster, False)


def test_the_recommender_confirms_from_the_queue(recommender, run_jobs):
    registration = make_registration(make_user("Li Na", email="li@example.org", language="en"))
    client = sign_in(recommender)
    home = client.get(reverse("home")).url
    assert home == reverse("competition:recommender_home") and f'href="{QUEUE}"' in client.get(home).content.decode()
    detail = reverse("competition:registration_detail", args=[registration.pk])
    assert detail in client.get(QUEUE).content.decode()
    page = client.get(detail).content.decode()
    assert "li@example.org" in page and registration.credit_code in page
    assert client.post(reverse("competition:registration_confirm", args=[registration.pk])).url == QUEUE
    assert detail not in client.get(QUEUE).content.decode() and detail in client.get(f"{QUEUE}?state=confirmed").content.decode()
    run_jobs()
    assert mail.outbox[0].subject == f"Saima: Your organisation is confirmed – {registration.organisation.name_en}"
    assert reverse("invite", args=[f"organisation:{registration.organisation_id}"]) in sign_in(registration.user).get(MINE).content.decode()


def test_the_refused_one_reads_the_reason_and_sends_it_again(recommender):
    registration = make_registration()
    refuse = reverse("competition:registration_refuse", args=[registration.pk])
    assert sign_in(recommender).post(refuse, {"reason": " "}).status_code == 422
    assert sign_in(recommender).post(refuse, {"reason": "代码与名称<b>不符</b>。"}).status_code == 302
    client = sign_in(registration.user)
    assert "代码与名称&lt;b&gt;不符&lt;/b&gt;。" in client.get(MINE).content.decode()
    correct = reverse("competition:registration_correct", args=[registration.pk])
    form = client.get(correct).context["form"]
    assert form.initial["credit_code"] == registration.credit_code and form.initial["cluster_zh"] == registration.cluster.name_zh
    assert client.post(correct, typed(name_zh="更正中心")).url == MINE
    (row,) = own_registrations(registration.user)
    assert (row.state, row.organisation.name_zh) == ("pending", "更正中心")


def test_answering_twice_is_said_in_words(recommender):
    registration = make_registration()
    confirm = reverse("competition:registration_confirm", args=[registration.pk])
    client = sign_in(recommender)
    assert [client.post(confirm).status_code for _ in range(2)] == [302, 409]


@pytest.mark.parametrize("state", ["pending", "refused"])
def test_lists_cost_the_same_at_one_and_three_rows(recommender, state):
    def send():
        registration = make_registration()
        if state == "refused":
            refuse_registration(registration, reason="不符。", actor=recommender, at=timezone.now())

    def cost():
        client = sign_in(recommender)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"{QUEUE}?state={state}").status_code == 200
        return len(queries)

    send()
    one = cost()
    send()
    send()
    assert cost() == one <= 15
