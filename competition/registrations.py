"""Everything this app registers at start-up, in one place: tables, permissions; each noun's file does its own, facts and hooks of
the workflow beside the services that they serve."""

from competition import (
    applying_menu,
    deciding_menu,
    deeds,
    organising_menu,
    recommending_menu,
    registering_menu,
    setup_menu,
    tables,
    tasks,
    told,
)
from competition.documents import watching
from competition.documents.context import certificate, receipt
from competition.documents.context import recommendation as letter
from competition.permissions import (
    application,
    clusters,
    competition,
    conflicts,
    decision,
    document,
    ledger,
    nomination,
    publicity,
    recommendation,
    registration,
    scopes,
    webhook,
)
from competition.selectors import applications, decisions, organising, quotas, recommendations, subject_names
from competition.selectors import registrations as registering
from competition.services import competitions, conditions, entries, release, reopenings, rounds, signatures, telling, webhooks
from competition.services import decisions as decision_hooks
from competition.services import publicity as objections
from competition.services import recommendations as recommendation_hooks
from competition.services import registrations as registration_hooks

__all__ = [
    "application",
    "applications",
    "applying_menu",
    "certificate",
    "clusters",
    "competition",
    "competitions",
    "conditions",
    "conflicts",
    "deciding_menu",
    "decision",
    "decision_hooks",
    "decisions",
    "deeds",
    "document",
    "entries",
    "ledger",
    "letter",
    "nomination",
    "objections",
    "organising",
    "organising_menu",
    "publicity",
    "quotas",
    "receipt",
    "recommendation",
    "recommendation_hooks",
    "recommendations",
    "recommending_menu",
    "registering",
    "registering_menu",
    "registration",
    "registration_hooks",
    "release",
    "reopenings",
    "rounds",
    "scopes",
    "setup_menu",
    "signatures",
    "subject_names",
    "tasks",
    "telling",
    "told",
    "watching",
    "webhook",
    "webhooks",
]

tables.register_all()
