"""Addresses of the entry page and of what it saves."""

from __future__ import annotations

from django.urls import path

from saima_web.reporting import grid_views, stamp_views, workbook_views

cells = [
    path("c/<slug:campaign>/cells/save/", grid_views.save, name="cells-save"),
    path("c/<slug:campaign>/cells/<int:pk>/", grid_views.cell, name="cell"),
    path("c/<slug:campaign>/cells/<int:pk>/remark/", grid_views.cell_remark, name="cell-remark"),
    path(
        "c/<slug:campaign>/cells/<int:pk>/evidence/",
        grid_views.cell_evidence,
        name="cell-evidence",
    ),
    path("c/<slug:campaign>/cells/<int:pk>/flag/", grid_views.cell_flag, name="cell-flag"),
    path("c/<slug:campaign>/evidence/<int:pk>/", grid_views.evidence, name="evidence"),
]
REPORT = "c/<slug:campaign>/report/<str:period>/"
by_column = [
    path(REPORT + "by/<str:indicator>/", grid_views.entry_by, name="entry-by"),
    path(
        REPORT + "by/<str:indicator>/workbook/",
        workbook_views.download_by,
        name="entry-by-workbook",
    ),
    path(REPORT + "by/<str:indicator>/upload/", workbook_views.upload_by, name="entry-by-upload"),
]
by_row = [
    path(REPORT + "<str:unit>/", grid_views.entry, name="entry"),
    path(REPORT + "<str:unit>/submit/", grid_views.submit, name="entry-submit"),
    path(REPORT + "<str:unit>/withdraw/", grid_views.withdraw, name="entry-withdraw"),
    path(REPORT + "<str:unit>/workbook/", workbook_views.download, name="entry-workbook"),
    path(REPORT + "<str:unit>/upload/", workbook_views.upload, name="entry-upload"),
    path(REPORT + "<str:unit>/stamp/", stamp_views.print_sheet, name="entry-stamp"),
    path(REPORT + "<str:unit>/stamp/check/", stamp_views.check, name="entry-stamp-check"),
    path(REPORT + "<str:unit>/stamp/scan/", stamp_views.scan, name="entry-stamp-scan"),
]
urlpatterns = [*cells, *by_column, *by_row]
"""To stand after the slice's other addresses: a unit's code is the last part of its page's."""
