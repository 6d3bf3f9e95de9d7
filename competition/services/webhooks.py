"""Other systems are told of a competition: who keeps the addresses, what is sent, and what happens when nobody answers."""

import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from http.client import HTTPException
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.permissions import require
from accounts.services.notifications import notify, settle, stamp
from competition.domain import webhooks as rules
from competition.models import Delivery, Webhook
from competition.selectors.webhooks import secrets_of
from competition.services.posting import post, reachable, target
from competition.services.telling import people
from competition.workflow import hook
from jobs.services import enqueue
from ledger.domain.reason import Reason, Refused
from ledger.services import record

JOB = "webhook.deliver"
MOST = 10
LONGEST = 500


def _checked(address: str, events: Iterable[str]) -> tuple[str, list[str]]:
    address = address.strip()
    wanted = [event for event in rules.EVENTS if event in set(events)]
    if not wanted:
        raise Refused(Reason("competition.webhook_events"), field="events")
    if len(address) > LONGEST:
        raise Refused(Reason("competition.webhook_address"), field="address")
    _scheme, host, port, _path = target(address)
    reachable(host, port)
    return address, wanted


def _record(webhook, action: str, *, actor, at, **more) -> None:
    record(
        actor="system" if actor is None else f"user:{actor.pk}",
        action=f"webhook.{action}",
        subject=f"webhook:{webhook.pk}",
        scope=f"competition:{webhook.competition_id}",
        at=at,
        **more,
    )


def _locked(webhook, actor) -> Webhook:
    found = Webhook.objects.select_for_update(of=("self",)).select_related("competition").get(pk=webhook.pk)
    require(actor, "webhook.keep", found.competition)
    if found.ended_at is not None:
        raise Refused(Reason("competition.webhook_ended"))
    return found


def add_webhook(competition, *, address: str, events: Iterable[str], actor, at: datetime) -> tuple[Webhook, str]:
    """The row and its secret, which is shown this once."""
    require(actor, "webhook.keep", competition)
    address, events = _checked(address, events)  # asks the name service, so before the transaction
    with transaction.atomic():
        type(competition).objects.select_for_update(of=("self",)).get(pk=competition.pk)
        if competition.webhooks.filter(ended_at=None).count() >= MOST:
            raise Refused(Reason("competition.webhooks_too_many", {"most": MOST}))
        webhook = Webhook.objects.create(
            competition=competition, address=address, events=events, salt=secrets.token_hex(16), created_by=actor, created_at=at
        )
        _record(webhook, "add", actor=actor, at=at, after={"events": events}, private={"address": address})
    return webhook, secrets_of(webhook, at=at)[0]


def edit_webhook(webhook, *, address: str, events: Iterable[str], actor, at: datetime) -> Webhook:
    """What waits goes to the new address. One that was switched off is on again."""
    require(actor, "webhook.keep", webhook.competition)
    address, events = _checked(address, events)
    with transaction.atomic():
        webhook = _locked(webhook, actor)
        before = {"events": webhook.events, "off": webhook.off_at is not None}
        webhook.address, webhook.events, webhook.off_at = address, events, None
        webhook.save(update_fields=["address", "events", "off_at"])
        settle(["webhook.off"], f"webhook:{webhook.pk}", at=at)
        _record(webhook, "edit", actor=actor, at=at, before=before, after={"events": events, "off": False}, private={"address": address})
    return webhook


@transaction.atomic
def rotate_secret(webhook, *, actor, at: datetime) -> str:
    """A new secret, shown this once; what is sent carries a signature by the old one too for a day."""
    webhook = _locked(webhook, actor)
    webhook.salt_before, webhook.salt, webhook.rotated_at = webhook.salt, secrets.token_hex(16), at
    webhook.save(update_fields=["salt", "salt_before", "rotated_at"])
    _record(webhook, "rotate", actor=actor, at=at)
    return secrets_of(webhook, at=at)[0]


@transaction.atomic
def end_webhook(webhook, *, actor, at: datetime) -> None:
    webhook = _locked(webhook, actor)
    webhook.ended_at = at
    webhook.save(update_fields=["ended_at"])
    webhook.deliveries.filter(outcome="waiting").update(outcome="failed", fault="ended", next_at=None)
    settle(["webhook.off"], f"webhook:{webhook.pk}", at=at)
    _record(webhook, "end", actor=actor, at=at)


@transaction.atomic
def try_webhook(webhook, *, actor, at: datetime) -> Delivery:
    """Something to receive, so that the other side can be tried."""
    webhook = _locked(webhook, actor)
    _record(webhook, "test", actor=actor, at=at)
    return _send([webhook], rules.TEST, f"webhook:{webhook.pk}", {}, at=at)[0]


@transaction.atomic
def send_again(delivery: Delivery, *, actor, at: datetime) -> Delivery:
    """From the first attempt on, with the same body and key: whoever has it already knows it by the key."""
    _locked(delivery.webhook, actor)
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if delivery.outcome == "waiting":
        raise Refused(Reason("competition.delivery_waits"))
    delivery.outcome, delivery.attempts, delivery.next_at = "waiting", 0, at
    delivery.save(update_fields=["outcome", "attempts", "next_at"])
    _record(delivery.webhook, "send_again", actor=actor, at=at, after={"delivery": delivery.pk, "event": delivery.event})
    enqueue(JOB, f"delivery:{delivery.pk}", requested_by=f"user:{actor.pk}", at=at)
    return delivery


def announce(event: str, competition, subject: str, facts: dict | None = None, *, at: datetime) -> None:
    """In the transaction of what happened. `facts`: numbers and codes that are public with the event."""
    live = competition.webhooks.filter(ended_at=None, off_at=None)
    _send([webhook for webhook in live if event in webhook.events], event, subject, facts or {}, at=at)


def _send(webhooks, event, subject, facts, *, at) -> list[Delivery]:
    rows = []
    for webhook in webhooks:
        competition, key = webhook.competition, uuid4()
        body = {"id": str(key), "event": event, "at": at.isoformat(), "competition": {"id": competition.pk, "code": competition.code}}
        body |= {"subject": subject, "site": settings.SITE_ADDRESS, **facts}
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        rows.append(Delivery(webhook=webhook, key=key, event=event, body=text, created_at=at, next_at=at))
    for row in Delivery.objects.bulk_create(rows):
        enqueue(JOB, f"delivery:{row.pk}", at=at)
    return rows


def deliver(pk: int, *, at: datetime) -> None:
    """One attempt, outside any transaction. What fails is tried again after a rest that grows; after the last one the address is
    switched off, unless something else came through meanwhile, and its keepers are told."""
    delivery = Delivery.objects.select_related("webhook__competition").filter(pk=pk, outcome="waiting").first()
    if delivery is None:
        return
    webhook, body = delivery.webhook, delivery.body.encode()
    headers = {
        rules.SIGNATURE: rules.signature(body, secrets_of(webhook, at=at), at=at),
        rules.EVENT: delivery.event,
        rules.DELIVERY: str(delivery.key),
    }
    status, fault = None, ""
    try:
        status = post(webhook.address, body, headers)
    except Refused as refused:
        fault = refused.reason.code.partition(".")[2]
    except TimeoutError:
        fault = "timeout"
    except (OSError, HTTPException):
        fault = "no_answer"
    _note(delivery, status, fault, at=at)


@transaction.atomic
def _note(delivery, status, fault, *, at) -> None:
    """What came of an attempt; only while nobody else has noted one."""
    facts = {"attempts": F("attempts") + 1, "status": status, "fault": fault, "tried_at": at}
    mine = Delivery.objects.filter(pk=delivery.pk, outcome="waiting", attempts=delivery.attempts)
    if status is not None and 200 <= status < 300:
        mine.update(outcome="delivered", next_at=None, **facts)
        return
    rest = rules.rest(delivery.attempts + 1)
    if rest is not None:
        if mine.update(next_at=at + rest, **facts):
            enqueue(JOB, f"delivery:{delivery.pk}", run_after=at + rest, at=at)
    elif mine.update(outcome="failed", next_at=None, **facts):
        _switch_off(delivery, at=at)


def _switch_off(delivery, *, at) -> None:
    webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=delivery.webhook_id)
    heard = webhook.deliveries.filter(outcome="delivered", tried_at__gt=delivery.created_at).exists()
    if heard or webhook.off_at is not None or webhook.ended_at is not None:
        return
    webhook.off_at = at
    webhook.save(update_fields=["off_at"])
    _record(webhook, "off", actor=None, at=at, after={"delivery": delivery.pk})
    keepers = people("organiser", scope=f"competition:{webhook.competition_id}")
    notify("webhook.off", f"webhook:{webhook.pk}", keepers, at=at, step=stamp(at))


ROUNDS = {"open": "round.opened", "start_judging": "round.judging_started", "close": "round.closed", "release": "result.released"}
COMPETITIONS = {"publish": "competition.published", "decide": "competition.decided"}


def _of_round(act):
    announce(ROUNDS[act.action], act.subject.competition, f"round:{act.subject.pk}", {"round": act.subject.code}, at=act.at)


def _of_competition(act):
    announce(COMPETITIONS[act.action], act.subject, f"competition:{act.subject.pk}", at=act.at)


for _action in ROUNDS:
    hook("round", _action)(_of_round)
for _action in COMPETITIONS:
    hook("competition", _action)(_of_competition)


@hook("award", "revoke")
def _of_award(act):
    announce("award.revoked", act.subject.entry.round.competition, f"award:{act.subject.pk}", {"number": act.subject.number}, at=act.at)
