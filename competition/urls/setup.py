"""Setting up: competitions, their rules, people, clusters, the workday table."""

from django.urls import path

from competition.views import (
    advancement,
    clusters,
    competitions,
    forms,
    nominating,
    people,
    publishing,
    quotas,
    readmissions,
    rounds,
    webhooks,
    workdays,
)

IN = "c/<int:pk>/"
WEBHOOK = f"{IN}setup/webhooks/<int:webhook_pk>/"
ROUND = f"{IN}setup/rounds/<int:round_pk>/"

urlpatterns = [
    path("competitions/", competitions.competition_list, name="competition_list"),
    path("competitions/new/", competitions.competition_create, name="competition_create"),
    path(IN, competitions.home, name="home"),
    path(f"{IN}setup/", competitions.competition_edit, name="competition_edit"),
    path(f"{IN}setup/tracks/", competitions.track_list, name="track_list"),
    path(f"{IN}setup/rounds/", rounds.round_list, name="round_list"),
    path(f"{IN}setup/rounds/new/", rounds.round_add, name="round_add"),
    path(ROUND, rounds.round_edit, name="round_edit"),
    path(f"{ROUND}remove/", rounds.round_remove, name="round_remove"),
    path(f"{ROUND}move/", rounds.round_move, name="round_move"),
    path(f"{ROUND}windows/", rounds.round_windows, name="round_windows"),
    path(f"{ROUND}open/", rounds.round_open, name="round_open"),
    path(f"{ROUND}form/", forms.form_edit, name="form_edit"),
    path(f"{ROUND}form/new/", forms.form_field_add, name="form_field_add"),
    path(f"{ROUND}form/file/", forms.form_file, name="form_file"),
    path(f"{ROUND}form/fields/<slug:code>/", forms.form_field_edit, name="form_field_edit"),
    path(f"{ROUND}advancement/", advancement.advancement_edit, name="advancement_edit"),
    path(f"{ROUND}advancement/words/", advancement.advancement_preview, name="advancement_preview"),
    path(f"{IN}setup/recommendation/", quotas.quota_list, name="quota_list"),
    path(f"{IN}setup/readmissions/", readmissions.readmission_list, name="readmission_list"),
    path(f"{IN}setup/readmissions/<int:rule_pk>/remove/", readmissions.readmission_remove, name="readmission_remove"),
    path(f"{IN}setup/feeders/", nominating.feeder_list, name="feeder_list"),
    path(f"{IN}setup/recommendation/move/", quotas.recommendation_move, name="recommendation_move"),
    path(f"{IN}setup/check/", publishing.competition_check, name="competition_check"),
    path(f"{IN}setup/publish/", publishing.competition_publish, name="competition_publish"),
    path(f"{IN}decide/", publishing.competition_decide, name="competition_decide"),
    path(f"{IN}archive/", publishing.competition_archive, name="competition_archive"),
    path(f"{IN}people/", people.people_list, name="people_list"),
    path(f"{IN}setup/webhooks/", webhooks.webhook_list, name="webhook_list"),
    path(WEBHOOK, webhooks.webhook_detail, name="webhook_detail"),
    path(f"{WEBHOOK}secret/", webhooks.webhook_rotate, name="webhook_rotate"),
    path(f"{WEBHOOK}test/", webhooks.webhook_test, name="webhook_test"),
    path(f"{WEBHOOK}end/", webhooks.webhook_end, name="webhook_end"),
    path(f"{WEBHOOK}deliveries/<int:delivery_pk>/again/", webhooks.delivery_again, name="delivery_again"),
    path("clusters/", clusters.cluster_list, name="cluster_list"),
    path("clusters/new/", clusters.cluster_create, name="cluster_create"),
    path("clusters/<int:pk>/", clusters.cluster_edit, name="cluster_edit"),
    path("organisations/", clusters.organisation_list, name="organisation_list"),
    path("organisations/new/", clusters.organisation_create, name="organisation_create"),
    path("organisations/<int:pk>/", clusters.organisation_edit, name="organisation_edit"),
    path("workdays/", workdays.workday_list, name="workday_list"),
]
