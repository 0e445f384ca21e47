"""Addresses of operating it."""

from __future__ import annotations

from django.urls import path

from saima_web.operations import views

app_name = "operations"
urlpatterns = [
    path("operations/", views.state, name="state"),
    path("metrics", views.measured, name="metrics"),
]
