"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "scoring"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("saima_web.scoring.preview_urls")),
]
