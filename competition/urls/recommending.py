"""The region's recommenders: what waits, the account of the region, one application with the region's word."""

from django.urls import path

from competition.views import nominating, recommending

QUOTA = "c/<int:pk>/regions/<int:quota_pk>/"
ONE = "c/<int:pk>/recommendations/<int:recommendation_pk>/"

urlpatterns = [
    path("recommending/", recommending.home, name="recommender_home"),
    path("c/<int:pk>/entries/<int:entry_pk>/nominate/", nominating.nomination_make, name="nomination_make"),
    path(QUOTA, recommending.quota_detail, name="quota_detail"),
    path(f"{QUOTA}order/", recommending.quota_order, name="quota_order"),
    path(f"{QUOTA}table/", recommending.quota_table, name="quota_table"),
    path(ONE, recommending.recommendation_detail, name="recommendation_detail"),
    path(f"{ONE}recommend/", recommending.recommendation_recommend, name="recommendation_recommend"),
    path(f"{ONE}decline/", recommending.recommendation_decline, name="recommendation_decline"),
    path(f"{ONE}withdraw/", recommending.recommendation_withdraw, name="recommendation_withdraw"),
]
