"""Addresses of signing on, under the names by which allauth asks for them."""

from __future__ import annotations

from django.urls import path

from saima_web.people.pages import public
from saima_web.signon import views

urlpatterns = [
    path("sso/<slug:provider_id>/", public(views.begin), name="openid_connect_login"),
    path("sso/<slug:provider_id>/back/", public(views.back), name="openid_connect_callback"),
]
