"""Pages of the judging, by face."""

from evaluations.urls import running, setup

app_name = "evaluations"
urlpatterns = [*running.urlpatterns, *setup.urlpatterns]
