"""The matrix of setting up: `world.unpublished` is a competition in the making, `world.called` one whose call is out,
`world.running` another that rows of documents put applications into; the cast holds its roles in each."""

from competition.models import Delivery, Webhook
from competition.services.competitions import publish_competition
from evaluations.models import SchemeTrial
from evaluations.selectors.rubrics import dimensions_json, rubric_of, scheme_of
from tests.cast import ROLES
from tests.factories.accounts import give
from tests.factories.competition import NOW, make_cluster, make_organisation, make_round
from tests.factories.setup import make_complete
from tests.factories.standings import snapshot
from tests.permissions.matrix import Row, expect, only

PUBLIC = {"public:calls", "public:rules", "public:rules_json", "start"}
STAFF = ("organiser", "decider", "second_decider", "supervisor")
MEMBERS = (*STAFF, "chair", "evaluator", "other_evaluator")


def build(world):
    organiser = world.cast.organiser
    world.unpublished = make_complete(organiser, "draft-of-matrix")
    world.running = publish_competition(make_complete(organiser, "running-of-matrix"), actor=organiser, at=NOW)
    world.called = publish_competition(make_complete(organiser, "called-of-matrix"), actor=organiser, at=NOW)
    for competition in (world.unpublished, world.running, world.called):
        for name, role in ROLES.items():
            scope = f"competition:{competition.pk}"  # the cast has its roles in number 1 already
            if name not in ("organiser", "operator") and scope != "competition:1":
                give(getattr(world.cast, name), role, scope, second_factor=False)
    tried, finished = world.unpublished.rounds.get(order=1), snapshot(make_round(world.running, state="closed"), [], [])
    facts = {"definition": scheme_of(tried).definition, "dimensions": dimensions_json(rubric_of(tried)), "digest": "t" * 64}
    world.trial = SchemeTrial.objects.create(round=tried, standings=finished, asked_by=organiser, asked_at=NOW, **facts)
    facts = {"events": ["round.closed"], "salt": "s" * 32, "created_by": organiser, "created_at": NOW}
    world.webhook = Webhook.objects.create(competition=world.unpublished, address="https://hooks.example/", **facts)
    body = {"event": "round.closed", "body": "{}", "created_at": NOW}
    world.delivery = Delivery.objects.create(webhook=world.webhook, outcome="delivered", **body)
    world.cluster = make_cluster()
    world.organisation = make_organisation()


def unpublished(world):
    return {"pk": world.unpublished.pk}


def called(world):
    return {"pk": world.called.pk}


def round_of(kwargs, order=1, **more):
    return lambda world: kwargs(world) | {"round_pk": getattr(world, kwargs.__name__).rounds.get(order=order).pk} | more


# Applicants and recommenders of a competition do not see its inner pages; who holds nothing in it learns nothing of it.
EDITS = only("organiser", colleagues=404) | dict.fromkeys((*STAFF[1:], *MEMBERS[4:]), 403)
SEES = only(*MEMBERS, colleagues=404)
KEEPS = expect(403, anonymous=302, organiser=200)
# Whoever has no second factor is asked to set one up first.
FRESH = expect(302, organiser=200) | dict.fromkeys(STAFF[1:], 403)
ROUND = round_of(unpublished)


def webhook(world):
    return unpublished(world) | {"webhook_pk": world.webhook.pk}


def delivery(world):
    return webhook(world) | {"delivery_pk": world.delivery.pk}


ROWS = [
    Row("start", expect(302)),
    Row("public:calls", expect(200)),
    Row("public:rules", expect(200), lambda world: {"code": world.called.code}),
    Row("public:rules", expect(404), lambda world: {"code": world.unpublished.code}, label="of a draft"),
    Row("public:rules_json", expect(200), lambda world: {"code": world.called.code}),
    Row("public:rules_json", expect(404), lambda world: {"code": world.unpublished.code}, label="of a draft"),
    Row("competition:competition_list", expect(200, anonymous=302)),
    Row("competition:competition_create", KEEPS),
    Row("competition:competition_create", KEEPS | {"organiser": 422}, data={}),
    Row("competition:home", SEES, unpublished),
    Row("competition:home", SEES, called, label="published"),
    Row("competition:competition_edit", EDITS, unpublished),
    Row("competition:competition_edit", EDITS | {"organiser": 422}, unpublished, data={}),
    Row("competition:webhook_list", EDITS, unpublished),
    Row("competition:webhook_list", FRESH | {"organiser": 422}, unpublished, data={}, fresh=True),
    Row("competition:webhook_detail", EDITS, webhook),
    Row("competition:webhook_rotate", FRESH, webhook, data={}, fresh=True),
    Row("competition:webhook_test", EDITS | {"organiser": 302}, webhook, data={}),
    Row("competition:webhook_end", EDITS | {"organiser": 302}, webhook, data={}),
    Row("competition:delivery_again", EDITS | {"organiser": 302}, delivery, data={}),
    Row("competition:track_list", EDITS, unpublished),
    Row("competition:track_list", EDITS | {"organiser": 422}, unpublished, data={}),
    Row("competition:round_list", EDITS, unpublished),
    Row("competition:round_add", EDITS, unpublished),
    Row("competition:round_add", EDITS | {"organiser": 422}, unpublished, data={}),
    Row("competition:round_edit", EDITS, ROUND),
    Row("competition:round_edit", EDITS | {"organiser": 422}, ROUND, data={}),
    Row("competition:round_remove", EDITS, ROUND),
    Row("competition:round_remove", EDITS | {"organiser": 422}, ROUND, data={}),
    Row("competition:round_move", EDITS | {"organiser": 409}, ROUND, data={"version": "77", "way": "down"}),
    Row("competition:round_windows", EDITS, round_of(called)),
    Row("competition:round_windows", EDITS | {"organiser": 422}, round_of(called), data={}),
    Row("competition:round_open", EDITS, round_of(called, 2)),
    Row("competition:round_open", EDITS | {"organiser": 409}, round_of(called, 2), data={}),
    Row("competition:form_edit", EDITS, ROUND),
    Row("competition:form_edit", EDITS | {"organiser": 422}, ROUND, data={}),
    Row("competition:form_field_add", EDITS, ROUND),
    Row("competition:form_field_add", EDITS | {"organiser": 422}, ROUND, data={}),
    Row("competition:form_field_edit", EDITS, round_of(unpublished, code="credit_code")),
    Row("competition:form_field_edit", EDITS | {"organiser": 422}, round_of(unpublished, code="credit_code"), data={}),
    Row("competition:form_file", EDITS, ROUND),
    Row("competition:form_file", EDITS | {"organiser": 422}, ROUND, data={"version": "1"}),
    Row("competition:advancement_edit", EDITS, ROUND),
    Row("competition:advancement_edit", EDITS | {"organiser": 422}, ROUND, data={}),
    Row("competition:advancement_preview", EDITS | {"organiser": 204}, ROUND, data={}),
    Row("evaluations:rubric_edit", EDITS, ROUND),
    Row("evaluations:rubric_edit", EDITS | {"organiser": 422}, ROUND, data={}),
    Row("evaluations:metric_preview", EDITS, ROUND, data={}),
    Row("evaluations:scheme_edit", EDITS, ROUND),
    Row("evaluations:scheme_edit", EDITS | {"organiser": 422}, ROUND, data={}),
    Row("evaluations:scheme_preview", EDITS, ROUND, data={}),
    Row("evaluations:scheme_trial", EDITS | {"organiser": 422}, ROUND, data={}),
    Row("evaluations:scheme_trial_stored", EDITS, lambda world: ROUND(world) | {"trial_pk": world.trial.pk}),
    Row("competition:competition_check", EDITS, unpublished),
    Row("competition:competition_publish", EDITS, unpublished),
    Row("competition:competition_publish", EDITS | {"organiser": 302}, unpublished, data={}),
    Row("competition:competition_decide", EDITS, called),
    Row("competition:competition_decide", EDITS | {"organiser": 409}, called, data={}),
    Row("competition:competition_archive", EDITS, called),
    Row("competition:competition_archive", EDITS | {"organiser": 409}, called, data={}),
    Row("competition:people_list", EDITS, unpublished),
    Row("competition:cluster_list", KEEPS),
    Row("competition:cluster_create", KEEPS),
    Row("competition:cluster_create", KEEPS | {"organiser": 422}, data={}),
    Row("competition:cluster_edit", KEEPS, lambda world: {"pk": world.cluster.pk}),
    Row("competition:cluster_edit", KEEPS | {"organiser": 422}, lambda world: {"pk": world.cluster.pk}, data={}),
    Row("competition:organisation_list", KEEPS),
    Row("competition:organisation_create", KEEPS),
    Row("competition:organisation_create", KEEPS | {"organiser": 422}, data={}),
    Row("competition:organisation_edit", KEEPS, lambda world: {"pk": world.organisation.pk}),
    Row("competition:organisation_edit", KEEPS | {"organiser": 422}, lambda world: {"pk": world.organisation.pk}, data={}),
    Row("competition:workday_list", KEEPS),
    Row("competition:workday_list", KEEPS | {"organiser": 422}, data={}),
]
