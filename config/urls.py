"""Addresses of all apps. Each app owns its own urls.py; nothing is written twice here."""

from django.urls import include, path

from competition.views.calls import front
from config import health, metrics, operations

handler500 = "config.faults.answer"
urlpatterns = [
    path("", front, name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/", include("config.api")),
    path("operations/", operations.operations, name="operations"),
    path("", include("competition.urls")),
    path("", include("evaluations.urls")),
    path("public/", include("competition.urls.public")),
    path("account/", include("accounts.urls")),
]
