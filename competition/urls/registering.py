"""Organisations that register themselves."""

from django.urls import path

from competition.views import registrations

ONE = "registrations/<int:registration_pk>/"

urlpatterns = [
    path("organisation/", registrations.registration_list, name="registration_list"),
    path("organisation/register/", registrations.registration_make, name="registration_make"),
    path("registrations/", registrations.registration_queue, name="registration_queue"),
    path(ONE, registrations.registration_detail, name="registration_detail"),
    path(f"{ONE}correct/", registrations.registration_correct, name="registration_correct"),
    path(f"{ONE}withdraw/", registrations.registration_withdraw, name="registration_withdraw"),
    path(f"{ONE}confirm/", registrations.registration_confirm, name="registration_confirm"),
    path(f"{ONE}refuse/", registrations.registration_refuse, name="registration_refuse"),
]
