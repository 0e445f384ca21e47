"""Addresses of people: log-in, account, units, users, import."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from saima_web.people import (
    import_views,
    people_views,
    safeguard_views,
    second_factor_views,
    views,
)
from saima_web.people.pages import public

app_name = "people"
urlpatterns = [
    path("login/", public(views.LogIn.as_view()), name="login"),
    path("login/code/", second_factor_views.second_step, name="second-step"),
    path("logout/", public(LogoutView.as_view()), name="logout"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/sessions/<int:pk>/end/", views.session_end, name="session-end"),
    path("account/notice/", views.notice_read, name="notice-read"),
    path("account/second-factor/", second_factor_views.second_factor_own, name="second-factor"),
    path(
        "account/second-factor/change/",
        second_factor_views.second_factor_change,
        name="second-factor-change",
    ),
    path("account/deputies/", views.deputy_name, name="deputy-name"),
    path("account/deputies/<int:pk>/end/", views.deputy_end, name="deputy-end"),
    path("people/", people_views.users, name="users"),
    path("people/new/", people_views.user_new, name="user-new"),
    path("people/<int:pk>/", people_views.user, name="user"),
    path("people/<int:pk>/posts/", people_views.post_give, name="post-give"),
    path("people/<int:pk>/deputy/", people_views.deputy, name="deputy"),
    path("people/<int:pk>/password/", people_views.password_reset, name="password-reset"),
    path("people/<int:pk>/state/", people_views.user_state, name="user-state"),
    path("people/<int:pk>/sessions/end/", people_views.sessions_end, name="sessions-end"),
    path(
        "people/<int:pk>/second-factor/reset/",
        second_factor_views.second_factor_reset,
        name="second-factor-reset",
    ),
    path("people/safeguards/", safeguard_views.safeguards_page, name="safeguards"),
    path("people/safeguards/separate/", safeguard_views.separated, name="separate"),
    path("people/posts/<int:pk>/end/", people_views.post_end, name="post-end"),
    path("people/units/", people_views.units, name="units"),
    path("people/units/new/", people_views.unit, name="unit-new"),
    path("people/units/<int:pk>/", people_views.unit, name="unit"),
    path("people/import/", import_views.upload, name="import"),
    path("people/import/template/", import_views.template, name="import-template"),
    path("people/import/<int:pk>/", import_views.preview, name="import-preview"),
    path("people/import/<int:pk>/failed/", import_views.failed, name="import-failed"),
]
