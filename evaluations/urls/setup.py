"""Rubric and scheme of a round."""

from django.urls import path

from evaluations.views import rubrics, schemes, trials

ROUND = "c/<int:pk>/setup/rounds/<int:round_pk>/"

urlpatterns = [
    path(f"{ROUND}rubric/", rubrics.rubric_edit, name="rubric_edit"),
    path(f"{ROUND}rubric/metric/", rubrics.metric_preview, name="metric_preview"),
    path(f"{ROUND}scheme/", schemes.scheme_edit, name="scheme_edit"),
    path(f"{ROUND}scheme/words/", schemes.scheme_preview, name="scheme_preview"),
    path(f"{ROUND}scheme/trial/", trials.scheme_trial, name="scheme_trial"),
    path(f"{ROUND}scheme/trials/<int:trial_pk>/", trials.scheme_trial_stored, name="scheme_trial_stored"),
]
