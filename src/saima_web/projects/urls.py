"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.projects import doing_views, views
from saima_web.projects.assessment import urls as assessment_urls
from saima_web.projects.gantt import urls as gantt_urls
from saima_web.projects.imports import views as import_views
from saima_web.projects.linkage import urls as linkage_urls
from saima_web.projects.papers import urls as papers_urls
from saima_web.projects.site import urls as site_urls

app_name = "projects"
HERE = "c/<slug:campaign>/projects/"
ONE = HERE + "<int:pk>/"
urlpatterns: list[URLPattern] = [
    path(HERE, views.projects, name="list"),
    path(HERE + "wall/", views.wall, name="wall"),
    path(HERE + "new/", doing_views.new, name="new"),
    path(HERE + "gates/", doing_views.gates, name="gates"),
    path(HERE + "gates/<int:pk>/", doing_views.gate_change, name="gate-change"),
    path(HERE + "import/", import_views.upload, name="import"),
    path(HERE + "import/template/", import_views.template, name="import-template"),
    path(HERE + "import/<int:pk>/", import_views.preview, name="import-preview"),
    path(ONE, views.one, name="one"),
    path(ONE + "edit/", doing_views.edit, name="edit"),
    path(ONE + "report/", doing_views.report, name="report"),
    path(ONE + "happened/", doing_views.happened, name="happened"),
    path(HERE + "passages/<int:pk>/", doing_views.gate, name="gate"),
    path(ONE + "papers/", doing_views.paper, name="paper"),
    path(HERE + "milestones/<int:pk>/", doing_views.milestone, name="milestone"),
    path(ONE + "plan.<slug:kind>", views.plan, name="plan"),
    *assessment_urls.PATHS,
    *gantt_urls.PATHS,
    *linkage_urls.PATHS,
    *papers_urls.PATHS,
    *site_urls.PATHS,
]
