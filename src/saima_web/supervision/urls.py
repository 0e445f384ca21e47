"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from saima_web.supervision import dispatch_views, inspection_views, problem_views

app_name = "supervision"
HERE = "c/<slug:campaign>/supervision/"
urlpatterns = [
    path(HERE, inspection_views.inspections, name="inspections"),
    path(HERE + "new/", inspection_views.new, name="new"),
    path(HERE + "approve/", inspection_views.approve, name="approve"),
    path(HERE + "findings/", inspection_views.findings, name="findings"),
    path(HERE + "<int:pk>/", inspection_views.inspection, name="inspection"),
    path(HERE + "<int:pk>/edit/", inspection_views.edit, name="edit"),
    path(HERE + "<int:pk>/bulletin/", inspection_views.bulletin, name="bulletin"),
    path(HERE + "parts/<int:pk>/paper/", inspection_views.paper, name="paper"),
    path(HERE + "parts/<int:pk>/do/<slug:event>/", inspection_views.conduct, name="conduct"),
    path(HERE + "parts/<int:pk>/say/<slug:event>/", inspection_views.respond, name="respond"),
    path(HERE + "findings/<int:pk>/report/", inspection_views.report, name="report-finding"),
    path(HERE + "findings/<int:pk>/do/<slug:event>/", inspection_views.follow, name="follow"),
    path(HERE + "rhythm/", dispatch_views.rhythm, name="rhythm"),
    path("c/<slug:campaign>/problems/", problem_views.problems, name="problems"),
    path("c/<slug:campaign>/problems/new/", problem_views.new, name="problem-new"),
    path("c/<slug:campaign>/problems/slot/", problem_views.slot, name="slot"),
    path("c/<slug:campaign>/problems/slot/picture/", problem_views.slot_picture, name="slot-picture"),
    path("c/<slug:campaign>/problems/<int:pk>/", problem_views.problem, name="problem"),
    path(
        "c/<slug:campaign>/problems/<int:pk>/do/<slug:event>/", problem_views.handle, name="handle"
    ),
    path("c/<slug:campaign>/problems/<int:pk>/rule/", problem_views.rule, name="rule"),
    path(
        "c/<slug:campaign>/problems/<int:pk>/own/<slug:event>/", problem_views.own, name="own"
    ),
    path("c/<slug:campaign>/problems/<int:pk>/report/", problem_views.report, name="report"),
    path("c/<slug:campaign>/dispatch/", dispatch_views.dispatch, name="dispatch"),
    path("c/<slug:campaign>/dispatch/new/", dispatch_views.new, name="meeting-new"),
    path("c/<slug:campaign>/dispatch/<int:pk>/", dispatch_views.meeting, name="meeting"),
    path("c/<slug:campaign>/dispatch/<int:pk>/paper/", dispatch_views.paper, name="minutes"),
    path(
        "c/<slug:campaign>/dispatch/<int:pk>/do/<slug:event>/", dispatch_views.conduct,
        name="meeting-do",
    ),
    path(
        "c/<slug:campaign>/dispatch/lines/<int:pk>/remove/", dispatch_views.remove_line,
        name="line-remove",
    ),
]  # fmt: skip
