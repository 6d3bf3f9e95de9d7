"""Pages of the judging, by face."""

from evaluations.urls import judging, running, setup

app_name = "evaluations"
urlpatterns = [*setup.urlpatterns, *judging.urlpatterns, *running.urlpatterns]
