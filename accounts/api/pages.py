"""Pages of a list: 100 rows at the most, as in the pages for people."""

from rest_framework.pagination import PageNumberPagination
from rest_framework.settings import api_settings


class Pages(PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 100


def ordered(request, rows, allowed: dict[str, str]):
    """`rows` by the query's `ordering` (names of `allowed`, − before a name turns it round); their own order without one."""
    wanted = [name for name in request.query_params.get(api_settings.ORDERING_PARAM, "").split(",") if name]
    keys = [("-" if name.startswith("-") else "") + allowed[name.lstrip("-")] for name in wanted if name.lstrip("-") in allowed]
    return rows.order_by(*keys, "pk") if keys else rows
