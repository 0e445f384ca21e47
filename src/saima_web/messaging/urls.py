"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from saima_web.messaging import channel_views, notice_views, views

app_name = "messaging"
HERE = "c/<slug:campaign>/notices/"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:pk>/", views.read, name="read"),
    path("inbox/read/", views.read_all, name="read-all"),
    path("inbox/settings/", views.preference, name="preference"),
    path("messages/channels/", channel_views.channels, name="channels"),
    path("messages/channels/new/", channel_views.channel_new, name="channel-new"),
    path("messages/channels/<int:pk>/", channel_views.channel, name="channel"),
    path("messages/channels/<int:pk>/try/", channel_views.channel_try, name="channel-try"),
    path("messages/outbox/", channel_views.outbox, name="outbox"),
    path("messages/outbox/retry/", channel_views.retry_all, name="retry-all"),
    path("messages/outbox/<int:pk>/retry/", channel_views.retry, name="retry"),
    path("messages/outbox/<int:pk>/drop/", channel_views.drop, name="drop"),
    path(HERE, notice_views.notices, name="notices"),
    path(HERE + "write/", notice_views.write, name="write"),
    path(HERE + "<int:pk>/", notice_views.notice, name="notice"),
    path(HERE + "<int:pk>/picture/", notice_views.notice_picture, name="picture"),
]
