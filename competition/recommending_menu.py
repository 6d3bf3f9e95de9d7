"""Where a region's recommenders begin."""

from django.utils.translation import gettext_lazy as _

from accounts import homes
from accounts.menu import MenuEntry, register
from competition.views import recommending

homes.register("recommender", "competition:recommender_home")
register(
    MenuEntry(
        "recommending",
        _("Recommendations"),
        "competition:recommender_home",
        "flag",
        frozenset({"recommender"}),
        "",
        10,
        competition=False,
        count=recommending.waiting,
        covers=("quota_detail", "quota_order", "recommendation_detail", "recommendation_recommend", "recommendation_decline"),
    )
)
