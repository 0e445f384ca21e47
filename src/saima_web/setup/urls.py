"""Addresses of setting up."""

from __future__ import annotations

from django.urls import path

from saima_web.setup import views

HERE = "c/<slug:campaign>/settings/"

app_name = "setup"
urlpatterns = [
    path("campaigns/new/", views.new, name="new"),
    path("campaigns/new/form/", views.new_form, name="form"),
    path("campaigns/new/import/", views.new_import, name="import"),
    path("campaigns/new/import/template/", views.template, name="template"),
    path("campaigns/new/import/<int:pk>/", views.preview, name="preview"),
    path("campaigns/new/import/<int:pk>/marked/", views.marked, name="marked"),
    path("campaigns/new/import/<int:pk>/drop/", views.drop, name="drop"),
    path("campaigns/new/clone/", views.clone, name="clone"),
    path(HERE + "ready/", views.ready, name="ready"),
    path(HERE + "history/", views.history_page, name="history"),
    path(HERE + "history/template/", views.history_template, name="history-template"),
    path(HERE + "history/<int:pk>/", views.history_preview, name="history-preview"),
    path(HERE + "succession/", views.succession, name="succession"),
]
