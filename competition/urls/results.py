"""Results and verification, open to everybody."""

from django.urls import path

from competition.views import results, verification

urlpatterns = [
    path("results/", results.result_list, name="results"),
    path("verify/", verification.verify, name="verify"),
    path("verify/<str:code>/", verification.verify_code, name="verify_code"),
    path("<slug:code>/results/<slug:round_code>/", results.result, name="result"),
]
