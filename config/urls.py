"""Addresses of all apps. Each app owns its own urls.py; nothing is written twice here."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("accounts.urls")),
]
