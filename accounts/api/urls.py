from django.urls import path

from accounts.api import views

urlpatterns = [
    path("me/", views.Me.as_view(), name="api_me"),
    path("jobs/", views.Jobs.as_view(), name="api_jobs"),
    path("jobs/<int:job_pk>/", views.OneJob.as_view(), name="api_job"),
]
