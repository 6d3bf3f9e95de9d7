"""Signed-in pages of the race, by face. Pages without sign-in: `competition.urls.public`."""

<<<<<<< HEAD
from competition.urls import applying, intake, setup

app_name = "competition"
urlpatterns = [*setup.urlpatterns, *applying.urlpatterns, *intake.urlpatterns]
=======
from competition.urls import documents, setup

app_name = "competition"
urlpatterns = [*documents.urlpatterns, *setup.urlpatterns]
>>>>>>> 28df71d (Documents: kinds say what they are made of, one service issues them, one shelf shows them)
