"""Signed-in pages of the race, by face. Pages without sign-in: `competition.urls.public`."""

from competition.urls import applying, intake, setup

app_name = "competition"
urlpatterns = [*setup.urlpatterns, *applying.urlpatterns, *intake.urlpatterns]
