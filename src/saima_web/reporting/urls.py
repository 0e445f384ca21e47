"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from saima_web.reporting import grid_urls, review_views, views

app_name = "reporting"
ROUND = "c/<slug:campaign>/rounds/<str:period>/"
urlpatterns = [
    path("c/<slug:campaign>/rounds/", views.round_list, name="rounds"),
    path("c/<slug:campaign>/rounds/open/", views.round_open, name="round-open"),
    path(ROUND, views.round_page, name="round"),
    path(ROUND + "remind/", views.remind, name="round-remind"),
    path(ROUND + "change/", views.round_change, name="round-change"),
    path(ROUND + "extend/", views.round_extend, name="round-extend"),
    path(ROUND + "switch/", views.round_switch, name="round-switch"),
    path(ROUND + "review/", review_views.review, name="review"),
    path(ROUND + "review/decide/", review_views.decide, name="decide"),
    *grid_urls.urlpatterns,
]
