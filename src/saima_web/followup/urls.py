"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from saima_web.followup import (
    board_views,
    house_views,
    list_views,
    saving_views,
    step_views,
    task_views,
    views,
)

app_name = "followup"
HERE = "c/<slug:campaign>/instructions/"
TASKS = "c/<slug:campaign>/tasks/"
ONE = TASKS + "<int:number>/"
urlpatterns = [
    path(HERE, views.instructions, name="instructions"),
    path(HERE + "write/", views.write, name="write"),
    path(HERE + "<int:pk>/accept/", views.accept, name="accept"),
    path(HERE + "<int:pk>/answer/", views.answer, name="answer"),
    path(HERE + "<int:pk>/task/", task_views.from_instruction, name="from-instruction"),
    path(TASKS, task_views.tasks, name="tasks"),
    path(TASKS + "board/", board_views.board, name="board"),
    path(TASKS + "calendar/", board_views.calendar, name="calendar"),
    path(TASKS + "timeline/", board_views.timeline, name="timeline"),
    path(TASKS + "new/", task_views.new, name="new"),
    path(TASKS + "bulk/", step_views.bulk, name="bulk"),
    path(TASKS + "remind/", step_views.reminders, name="remind"),
    path(TASKS + "import/", list_views.upload, name="import"),
    path(TASKS + "import/template/", list_views.template, name="template"),
    path(TASKS + "import/<int:pk>/", list_views.preview, name="preview"),
    path(TASKS + "views/", saving_views.saved_views, name="saved-views"),
    path(TASKS + "views/save/", saving_views.save_view, name="save-view"),
    path(TASKS + "views/<int:pk>/", saving_views.saved_view, name="saved-view"),
    path(TASKS + "teams/", house_views.teams, name="teams"),
    path(TASKS + "teams/<int:pk>/", house_views.team, name="team"),
    path(TASKS + "limits/", house_views.limits, name="limits"),
    path(TASKS + "requests/<int:pk>/decide/", step_views.decide, name="decide"),
    path(TASKS + "reports/<int:pk>/file/", task_views.report_file, name="report-file"),
    path(ONE, task_views.task, name="task"),
    path(ONE + "file/", task_views.file, name="file"),
    path(ONE + "edit/", task_views.edit, name="edit"),
    path(ONE + "step/", step_views.step, name="step"),
    path(ONE + "ask/", step_views.ask, name="ask"),
    path(ONE + "split/", step_views.parts, name="split"),
    path(ONE + "merge/", step_views.into, name="merge"),
    path(ONE + "again/", step_views.again, name="again"),
]
