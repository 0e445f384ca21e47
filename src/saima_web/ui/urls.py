"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from saima_web.ui import views

app_name = "ui"
urlpatterns = [path("components/", views.components, name="components")]
