"""Addresses of campaigns: settings, members and tracks, dates, working days."""

from __future__ import annotations

from django.urls import path

from saima_web.campaigns import views

HERE = "c/<slug:campaign>/settings/"

app_name = "campaigns"
urlpatterns = [
    path("campaigns/none/", views.none, name="none"),
    path(HERE, views.settings, name="settings"),
    path(HERE + "state/", views.state, name="state"),
    path(HERE + "documents/", views.documents, name="documents"),
    path(HERE + "members/", views.members, name="members"),
    path(HERE + "members/<int:pk>/", views.member, name="member"),
    path(HERE + "memberships/<int:pk>/leave/", views.member_leave, name="member-leave"),
    path(HERE + "tracks/new/", views.track, name="track-new"),
    path(HERE + "tracks/<int:pk>/", views.track, name="track"),
    path(HERE + "tracks/<int:pk>/remove/", views.track_remove, name="track-remove"),
    path(HERE + "dates/", views.dates, name="dates"),
    path(HERE + "dates/<int:pk>/", views.dates, name="date"),
    path(HERE + "dates/<int:pk>/remove/", views.date_remove, name="date-remove"),
    path(HERE + "days/", views.days, name="days"),
    path(HERE + "days/<int:pk>/clear/", views.day_clear, name="day-clear"),
]
