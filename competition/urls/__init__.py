"""Signed-in pages of the race, by face. Pages without sign-in: `competition.urls.public`."""

from competition.urls import applying, deciding, documents, intake, organising, recommending, registering, setup

app_name = "competition"
urlpatterns = [
    *documents.urlpatterns,
    *organising.urlpatterns,
    *setup.urlpatterns,
    *applying.urlpatterns,
    *recommending.urlpatterns,
    *registering.urlpatterns,
    *intake.urlpatterns,
    *deciding.urlpatterns,
]
