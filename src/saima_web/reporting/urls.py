"""Addresses of this slice."""

from __future__ import annotations

from saima_web.reporting import grid_urls

app_name = "reporting"
urlpatterns = [*grid_urls.urlpatterns]
