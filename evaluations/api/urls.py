from django.urls import path

from evaluations.api import views

urlpatterns = [
    path("assignments/", views.Assignments.as_view(), name="api_assignments"),
    path("assignments/<int:seat_pk>/", views.OneAssignment.as_view(), name="api_assignment"),
    path("sheets/", views.Sheets.as_view(), name="api_sheets"),
    path("sheets/<int:sheet_pk>/", views.OneSheet.as_view(), name="api_sheet"),
    path("sheets/<int:sheet_pk>/submission/", views.SheetSubmission.as_view(), name="api_sheet_submission"),
]
