"""Addresses of risks, site inspections, files, estimates and the calendar."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.projects.calendar import views as calendar_views
from saima_web.projects.gantt import estimate_views
from saima_web.projects.site import views as site_views

HERE = "c/<slug:campaign>/projects/"
ONE = HERE + "<int:pk>/"
PATHS: list[URLPattern] = [
    path(HERE + "calendar/", calendar_views.calendar, name="calendar"),
    path(HERE + "site/", site_views.site, name="site"),
    path(HERE + "photos/", site_views.photos, name="photos"),
    path(HERE + "risks/<int:pk>/", site_views.risk_change, name="risk-change"),
    path(HERE + "inspections/<int:pk>/", site_views.inspection_answer, name="inspection-answer"),
    path(HERE + "files/<int:pk>/", site_views.file, name="file"),
    path(HERE + "files/<int:pk>/remove/", site_views.file_remove, name="file-remove"),
    path(ONE + "risks/", site_views.risk_add, name="risk-add"),
    path(ONE + "inspections/", site_views.inspection_add, name="inspection-add"),
    path(ONE + "contingency/", site_views.contingency, name="contingency"),
    path(ONE + "photos/", site_views.photo, name="photo"),
    path(ONE + "estimates/", estimate_views.estimates, name="estimates"),
]
