"""Context that every page gets: what the shell says about this installation."""

from django.conf import settings


def shell(request):
    return {
        "second_factor_off": not settings.SECOND_FACTOR_REQUIRED,
        "languages": (("zh-hans", "中文"), ("en", "English")),
    }
