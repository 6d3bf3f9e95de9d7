"""Pages of the judging, by face."""

from evaluations.urls import setup

app_name = "evaluations"
urlpatterns = [*setup.urlpatterns]
