"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from saima_web.followup import views

app_name = "followup"
HERE = "c/<slug:campaign>/instructions/"
urlpatterns = [
    path(HERE, views.instructions, name="instructions"),
    path(HERE + "write/", views.write, name="write"),
    path(HERE + "<int:pk>/accept/", views.accept, name="accept"),
    path(HERE + "<int:pk>/answer/", views.answer, name="answer"),
]
