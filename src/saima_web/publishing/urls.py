"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.publishing import views

app_name = "publishing"
HERE = "c/<slug:campaign>/bulletins/"
RUN = "c/<slug:campaign>/publish/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path(HERE, views.bulletins, name="list"),
    path(HERE + "<int:pk>/", views.bulletin, name="bulletin"),
    path(HERE + "files/<int:pk>/", views.file, name="file"),
    path(RUN, views.new, name="new"),
    path(RUN + "preview/", views.preview, name="preview"),
    path(RUN + "sheets/", views.sheets, name="sheets"),
    path(RUN + "sheets/<str:unit>/", views.sheet, name="sheet"),
    path(RUN + "review/", views.review, name="review"),
    path(RUN + "release/", views.release, name="release"),
    path("public/<slug:campaign>/", views.public, name="public"),
]
