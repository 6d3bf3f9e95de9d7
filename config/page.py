"""Context that every page gets: what the shell says about this installation."""

from django.conf import settings

from competition.models import Competition


def only_demo() -> bool:
    """Does this installation hold the demo race and nothing else? Asked only of a page that does not know its competition,
    and only where the second factor is off, which is for a demonstration alone."""
    return not settings.SECOND_FACTOR_REQUIRED and set(Competition.objects.values_list("demo", flat=True).distinct()) == {True}


def shell(request):
    return {
        "second_factor_off": not settings.SECOND_FACTOR_REQUIRED,
        "only_demo": only_demo,
        "languages": (("zh-hans", "中文"), ("en", "English")),
    }
