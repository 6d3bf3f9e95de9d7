"""The organiser's home."""

from django.urls import path

from competition.views import organising

urlpatterns = [path("organising/", organising.organiser_home, name="organiser_home")]
