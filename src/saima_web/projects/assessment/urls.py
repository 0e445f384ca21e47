"""Addresses of the assessment of units and of the project bulletin."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.projects.assessment import method_views
from saima_web.projects.assessment import views as assessment_views

HERE = "c/<slug:campaign>/projects/"
PATHS: list[URLPattern] = [
    path(HERE + "assessment/", assessment_views.assessment, name="assessment"),
    path(HERE + "assessment/<str:unit>/", assessment_views.assessed, name="assessed"),
    path(HERE + "assessment-method/", method_views.method, name="assessment-method"),
    path(HERE + "assessment-issue/", method_views.issue, name="assessment-issue"),
    path(HERE + "assessment-issued/<int:pk>/", method_views.issued, name="assessment-issued"),
    path(HERE + "bulletin/", assessment_views.bulletin_page, name="bulletin"),
]
