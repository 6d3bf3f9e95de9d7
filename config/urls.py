"""Addresses of all apps. Each app owns its own urls.py; nothing is written twice here."""

from django.urls import include, path
from django.views.generic import RedirectView

from accounts.access import public

urlpatterns = [
    path("", public(RedirectView.as_view(pattern_name="home")), name="start"),
    path("account/", include("accounts.urls")),
]
