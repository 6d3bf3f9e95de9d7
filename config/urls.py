"""Addresses of all apps. Each app owns its own urls.py; nothing is written twice here."""

from django.urls import include, path
from django.views.generic import RedirectView

from accounts.access import public
from config import health

urlpatterns = [
    path("", public(RedirectView.as_view(pattern_name="home")), name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("account/", include("accounts.urls")),
]
