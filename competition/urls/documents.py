"""Documents of a competition: asked for, drawn in the background, taken."""

from django.urls import path

from competition.views import documents

IN = "c/<int:pk>/documents/"

urlpatterns = [
    path(IN, documents.document_list, name="document_list"),
    path(f"{IN}issue/", documents.document_issue, name="document_issue"),
    path(f"{IN}progress/<slug:kind>/", documents.document_progress, name="document_progress"),
    path(f"{IN}<int:document_pk>/", documents.document_detail, name="document_detail"),
    path(f"{IN}<int:document_pk>/file/", documents.document_file, name="document_file"),
]
