"""Organisations that register themselves: the sender's pages, and those of who confirms."""

from types import SimpleNamespace

from django.utils import timezone

from competition.services.registrations import refuse_registration
from tests.factories.accounts import give
from tests.factories.registering import make_registration
from tests.permissions.matrix import Row, expect

REVIEWERS = ("organiser", "recommender")


def build(world):
    now, sender = timezone.now(), world.cast.rival
    give(world.cast.recommender, "recommender", "region:320000")
    elsewhere = make_registration(region="330000", at=now)
    refused = make_registration(sender, at=now)
    refused = refuse_registration(refused, reason="代码与名称不符。", actor=world.cast.organiser, at=now)
    world.registering = SimpleNamespace(refused=refused, pending=make_registration(sender, at=now), elsewhere=elsewhere)


def one(name):
    return lambda world: {"registration_pk": getattr(world.registering, name).pk}


def sender(status, reviewers=403):
    return expect(404, anonymous=302, rival=status) | dict.fromkeys(REVIEWERS, reviewers)


SIGNED_IN = expect(200, anonymous=302)
QUEUE = expect(403, anonymous=302) | dict.fromkeys(REVIEWERS, 200)
ELSEWHERE = expect(404, anonymous=302, organiser=200)

ROWS = [
    Row("competition:registration_list", SIGNED_IN),
    Row("competition:registration_make", SIGNED_IN),
    Row("competition:registration_make", expect(422, anonymous=302), data={}),
    Row("competition:registration_queue", QUEUE),
    Row("competition:registration_detail", sender(403, 200), one("pending"), owner="rival"),
    Row("competition:registration_detail", ELSEWHERE, one("elsewhere"), owner="another person", label="of another region"),
    Row("competition:registration_correct", sender(200), one("refused"), owner="rival"),
    Row("competition:registration_correct", sender(422), one("refused"), owner="rival", data={}),
    Row("competition:registration_withdraw", sender(302), one("pending"), owner="rival", data={}),
    Row("competition:registration_confirm", sender(403, 302), one("pending"), owner="rival", data={}),
    Row("competition:registration_refuse", sender(403, 200), one("pending"), owner="rival"),
    Row("competition:registration_refuse", sender(403, 302), one("pending"), owner="rival", data={"reason": "代码不符"}),
]
