from django.urls import path

from competition.api import applications, views

urlpatterns = [
    path("competitions/", views.Competitions.as_view(), name="api_competitions"),
    path("competitions/<int:competition_pk>/", views.OneCompetition.as_view(), name="api_competition"),
    path("rounds/", views.Rounds.as_view(), name="api_rounds"),
    path("rounds/<int:round_pk>/", views.OneRound.as_view(), name="api_round"),
    path("rounds/<int:round_pk>/standings/", views.Standings.as_view(), name="api_standings"),
    path("clusters/", views.Clusters.as_view(), name="api_clusters"),
    path("clusters/<int:cluster_pk>/", views.OneCluster.as_view(), name="api_cluster"),
    path("applications/", applications.Applications.as_view(), name="api_applications"),
    path("applications/<int:application_pk>/", applications.OneApplication.as_view(), name="api_application"),
    path("applications/<int:application_pk>/draft/", applications.Draft.as_view(), name="api_draft"),
    path("applications/<int:application_pk>/submission/", applications.Submission.as_view(), name="api_submission"),
    path("applications/<int:application_pk>/withdrawal/", applications.Withdrawal.as_view(), name="api_withdrawal"),
    path("applications/<int:application_pk>/receipt/", applications.Receipt.as_view(), name="api_receipt"),
    path("entries/", views.Entries.as_view(), name="api_entries"),
    path("entries/<int:entry_pk>/", views.OneEntry.as_view(), name="api_entry"),
    path("awards/", views.Awards.as_view(), name="api_awards"),
    path("awards/<int:award_pk>/", views.OneAward.as_view(), name="api_award"),
]
