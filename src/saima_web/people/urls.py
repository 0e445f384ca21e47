"""Addresses of people: log-in, account."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from saima_web.people import views

app_name = "people"
urlpatterns = [
    path("login/", views.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/sessions/<int:pk>/end/", views.session_end, name="session-end"),
]
