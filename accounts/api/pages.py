"""Pages of a list: 100 rows at the most, as in the pages for people. What a list may be narrowed and ordered by."""

import django_filters
from django import forms
from rest_framework.pagination import PageNumberPagination

LARGEST_KEY = 2**63 - 1


class Pages(PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 100


class KeyFilter(django_filters.NumberFilter):
    """A row by its number; what is none, or larger than any, is a fault at its field."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1, max_value=LARGEST_KEY, **kwargs)

    def get_max_validator(self):
        return None  # the field has its own
