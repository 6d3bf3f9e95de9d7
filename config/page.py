"""Context of the page shell. Grows with base.html."""

from django.conf import settings


def shell(request):
    return {"second_factor_off": not settings.SECOND_FACTOR_REQUIRED}
