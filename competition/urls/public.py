"""Pages that need no sign-in."""

from django.urls import path

from competition.urls import results
from competition.views import calls

app_name = "public"
urlpatterns = [
    path("", calls.call_list, name="calls"),
    *results.urlpatterns,
    path("<slug:code>/rules/", calls.rules, name="rules"),
    path("<slug:code>/rules.json", calls.rules_json, name="rules_json"),
]
