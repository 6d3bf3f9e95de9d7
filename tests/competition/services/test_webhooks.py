"""Other systems are told: signed, tried again, switched off; and never somebody inside whom nobody allowed."""

import hashlib
import hmac
import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.utils import timezone

from accounts.models import Notification
from competition.domain.webhooks import RESTS
from competition.models import Delivery, Webhook
from competition.services import webhooks as services
from competition.services.competitions import publish_competition
from competition.services.posting import reachable, target
from jobs.models import Job
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_competition
from tests.factories.setup import make_complete

pytestmark = pytest.mark.django_db


class Receiver:
    """A server of this machine: `got` is what came in, `answers` the statuses it gives, the last one for good."""

    def __init__(self):
        self.got, self.answers, receiver = [], [200], self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                status = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook?from=saima"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_HOSTS = ["127.0.0.0/8"]
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def organiser():
    person = make_user("Organiser")
    give(person, "organiser", "*")
    return person


@pytest.fixture
def hook(receiver, organiser):
    competition = make_competition(state="published")
    webhook, secret = services.add_webhook(competition, address=receiver.address, events=["award.issued"], actor=organiser, at=NOW)
    webhook.secret = secret
    return webhook


def announce(hook, event="award.issued", at=NOW):
    services.announce(event, hook.competition, "round:7", {"awards": ["N-1"]}, at=at)
    return Delivery.objects.first()


def signed(secret, headers, body):
    parts = dict(part.split("=") for part in headers["Saima-Signature"].split(","))
    return hmac.new(secret.encode(), f"{parts['t']}.".encode() + body, hashlib.sha256).hexdigest()


def test_an_event_arrives_once_signed_and_without_anything_personal(hook, receiver, run_jobs):
    delivery = announce(hook, at=timezone.now())
    announce(hook, "round.closed")
    run_jobs()
    ((path, headers, body),) = receiver.got
    assert path == "/hook?from=saima"
    assert headers["Saima-Signature"].split("v1=")[1] == signed(hook.secret, headers, body)
    assert (headers["Saima-Event"], headers["Saima-Delivery"]) == ("award.issued", str(delivery.key))
    told = json.loads(body)
    assert (told["event"], told["subject"], told["awards"], told["id"]) == ("award.issued", "round:7", ["N-1"], str(delivery.key))
    assert set(told) == {"id", "event", "at", "competition", "subject", "site", "awards"}
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.status, delivery.attempts) == ("delivered", 200, 1)
    services.deliver(delivery.pk, at=NOW)
    assert len(receiver.got) == 1


def test_publishing_a_call_is_told_in_its_own_transaction(receiver, organiser, run_jobs):
    competition = make_complete(organiser, "told")
    services.add_webhook(competition, address=receiver.address, events=["competition.published"], actor=organiser, at=NOW)
    publish_competition(competition, actor=organiser, at=NOW)
    run_jobs(["webhook.deliver"])
    told = json.loads(receiver.got[0][2])
    assert (told["event"], told["competition"]) == ("competition.published", {"id": competition.pk, "code": "told"})


def test_what_fails_is_tried_again_ever_later_then_given_up_and_told(hook, receiver, organiser):
    receiver.answers = [500, 302, 404]
    delivery, at = announce(hook), NOW
    for rest in RESTS:
        services.deliver(delivery.pk, at=at)
        delivery.refresh_from_db()
        assert (delivery.outcome, delivery.next_at) == ("waiting", at + rest)
        assert Job.objects.get(kind="webhook.deliver", state="queued").run_after in (NOW, at + rest)
        Job.objects.all().delete()
        at += rest
    services.deliver(delivery.pk, at=at)
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.status, delivery.attempts, delivery.next_at) == ("failed", 404, len(RESTS) + 1, None)
    hook.refresh_from_db()
    assert hook.off_at == at
    assert list(Notification.objects.values_list("kind", "user")) == [("webhook.off", organiser.pk)]
    assert {path for path, _headers, _body in receiver.got} == {"/hook?from=saima"}  # no redirect was followed
    told = sign_in(organiser).get("/account/notifications/")
    assert len(told.context["rows"]) == 1 and str(hook.competition) in told.content.decode()
    opened = sign_in(organiser).get(f"/account/notifications/{Notification.objects.get().pk}/")
    assert opened.url == f"/c/{hook.competition_id}/setup/webhooks/{hook.pk}/"
    announce(hook, at=at)
    assert Delivery.objects.count() == 1  # nothing more while it is off
    receiver.answers = [204]
    services.edit_webhook(hook, address=receiver.address, events=["award.issued"], actor=organiser, at=at)
    services.send_again(delivery, actor=organiser, at=at)
    services.deliver(delivery.pk, at=at)
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.status) == ("delivered", 204)
    assert list(Record.objects.filter(subject=f"webhook:{hook.pk}").order_by("pk").values_list("action", flat=True)) == [
        "webhook.add",
        "webhook.off",
        "webhook.edit",
        "webhook.send_again",
    ]


def test_a_new_secret_signs_beside_the_old_one_for_a_day(hook, receiver, organiser):
    new = services.rotate_secret(hook, actor=organiser, at=NOW)
    for at in (NOW + timedelta(hours=23), NOW + timedelta(hours=25)):
        services.deliver(announce(hook, at=at).pk, at=at)
    (_, both, first), (_, one, second) = receiver.got
    assert both["Saima-Signature"].split(",v1=")[1:] == [
        signed(new, {"Saima-Signature": both["Saima-Signature"].split(",v1=")[0]}, first)
    ] + [signed(hook.secret, {"Saima-Signature": both["Saima-Signature"].split(",v1=")[0]}, first)]
    assert one["Saima-Signature"].split(",v1=")[1:] == [signed(new, one, second)]
    assert new != hook.secret and new not in str(list(Webhook.objects.values()) + list(Record.objects.values()))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("ftp://hooks.example/", "webhook_address"),
        ("https:///path", "webhook_address"),
        ("https://hooks.example:99999/", "webhook_address"),
        ("https://hooks.example/ x", "webhook_address"),
        ("https://hooks.example/\nX: y", "webhook_address"),
        ("https://user:word@hooks.example/", "webhook_with_password"),
        ("https://hooks.invalid/", "webhook_unknown_host"),
        ("https://127.0.0.1/", "webhook_inside"),
        ("https://localhost:8000/", "webhook_inside"),
        ("https://2130706433/", "webhook_inside"),
        ("https://[::1]/", "webhook_inside"),
        ("https://[::ffff:10.0.0.1]/", "webhook_inside"),
        ("https://[64:ff9b::a00:1]/", "webhook_inside"),
        ("https://[2002:a00:1::]/", "webhook_inside"),
        ("https://10.9.8.7/", "webhook_inside"),
        ("https://169.254.169.254/latest/", "webhook_inside"),
        ("https://[fe80::1]/", "webhook_inside"),
        ("https://[fd00::1]/", "webhook_inside"),
        ("https://0.0.0.0/", "webhook_inside"),
        ("https://224.0.0.1/", "webhook_inside"),
    ],
)
def test_addresses_that_nobody_may_be_sent_to(organiser, address, code):
    competition = make_competition()
    with pytest.raises(Refused) as refused:
        services.add_webhook(competition, address=address, events=["round.closed"], actor=organiser, at=NOW)
    assert (refused.value.reason.code, refused.value.field) == (f"competition.{code}", "address")
    assert not Webhook.objects.exists()


def test_a_host_of_an_intranet_is_taken_where_the_operator_names_it(settings):
    settings.WEBHOOK_HOSTS = ["localhost", "10.20.0.0/16"]
    assert reachable("localhost", 80) and reachable("10.20.3.4", 443)
    with pytest.raises(Refused):
        reachable("10.21.3.4", 443)
    with pytest.raises(Refused):
        reachable("127.0.0.1", 80)
    with pytest.raises(Refused) as refused:
        reachable("1.1.1.1", 443)
    assert refused.value.reason.code == "competition.webhook_not_listed"
    settings.WEBHOOK_HOSTS = ["public"]
    assert reachable("1.1.1.1", 443)
    settings.PRODUCTION = True
    with pytest.raises(Refused) as refused:
        target("http://localhost/")
    assert refused.value.reason.code == "competition.webhook_https"


def test_a_name_that_leads_inside_by_the_time_of_sending_gets_nothing(hook, receiver, settings):
    settings.WEBHOOK_HOSTS = []
    delivery = announce(hook)
    services.deliver(delivery.pk, at=NOW)
    delivery.refresh_from_db()
    assert (receiver.got, delivery.outcome, delivery.fault) == ([], "waiting", "webhook_inside")


def test_the_pages_show_the_secret_once_and_what_became_of_each_delivery(receiver, organiser, run_jobs, django_assert_max_num_queries):
    competition = make_competition(state="published")
    page = sign_in(organiser, fresh=True)
    address = f"/c/{competition.pk}/setup/webhooks/"
    wrong = page.post(address, {"address": "https://10.0.0.1/", "events": ["round.closed"]})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["address"])
    made = page.post(address, {"address": receiver.address, "events": ["round.closed", "award.issued"]})
    secret = made.context["secret"]
    assert secret in made.content.decode() and secret not in page.get(address).content.decode()
    webhook = Webhook.objects.get()
    inner = f"{address}{webhook.pk}/"
    receiver.answers = [503, 200]
    assert page.post(f"{inner}test/").status_code == 302
    run_jobs()
    with django_assert_max_num_queries(15):
        (row,) = page.get(inner).context["page"]
    assert (row.status, row.outcome, row.attempts) == (503, "waiting", 1)
    assert page.post(f"{inner}deliveries/{row.pk}/again/").status_code == 409
    Job.objects.update(run_after=timezone.now())
    run_jobs()
    (row,) = page.get(inner).context["page"]
    assert (row.status, row.outcome, row.attempts) == (200, "delivered", 2)
    assert page.post(f"{inner}secret/").context["secret"] not in ("", secret)
    assert page.post(f"{inner}end/").status_code == 302
    assert page.get(inner).status_code == 404
