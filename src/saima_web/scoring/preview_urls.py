"""Addresses of the preview: a draft tried on real figures; battle fronts and business lines."""

from __future__ import annotations

from django.urls import path

from saima_web.scoring import lines, preview

urlpatterns = [
    path("c/<slug:campaign>/rulebooks/<int:pk>/try/", preview.whole, name="preview-all"),
    path("c/<slug:campaign>/rulebooks/<int:pk>/try/<str:at>/", preview.leaf, name="preview"),
    path("c/<slug:campaign>/lines/", lines.index, name="lines"),
]
