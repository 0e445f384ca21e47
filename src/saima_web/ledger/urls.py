"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import path

from saima_web.ledger import views

app_name = "audit"
urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/verify/", views.verify, name="verify"),
    path("ledger/export/", views.export, name="export"),
]
