"""Signed-in pages of the race, by face. Pages without sign-in: `competition.urls.public`."""

from competition.urls import setup

app_name = "competition"
urlpatterns = [*setup.urlpatterns]
