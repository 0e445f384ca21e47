"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from saima_web.indicators import rulebook_editing_views as editor
from saima_web.indicators import rulebook_views as books
from saima_web.indicators import views

app_name = "indicators"
HERE = "c/<slug:campaign>/indicators/"
ONE = HERE + "of/<str:code>/"
BOOKS = "c/<slug:campaign>/rulebooks/"
BOOK = BOOKS + "<int:pk>/"
urlpatterns = [
    path(HERE, views.index, name="list"),
    path(HERE + "new/", views.create, name="new"),
    path(HERE + "import/", views.import_, name="import"),
    path(HERE + "import/confirm/", views.import_confirm, name="import-confirm"),
    path(HERE + "export/", views.export, name="export"),
    path(HERE + "ranks/", views.ranks, name="ranks"),
    path(HERE + "ranks/new/", views.rank_add, name="rank-add"),
    path(HERE + "checks/<int:pk>/remove/", views.check_remove, name="check-remove"),
    path(HERE + "notes/", views.notes, name="notes"),
    path(HERE + "notes/new/", views.campaign_note, name="campaign-note"),
    path(HERE + "notes/<int:pk>/withdraw/", views.note_withdraw, name="note-withdraw"),
    path(ONE, views.one, name="one"),
    path(ONE + "change/", views.change, name="change"),
    path(ONE + "definition/", views.define, name="define"),
    path(ONE + "retire/", views.retire, name="retire"),
    path(ONE + "assign/", views.assign, name="assign"),
    path(ONE + "checks/", views.check_add, name="check-add"),
    path(ONE + "notes/", views.note_add, name="note-add"),
    path(BOOKS, books.index, name="rulebooks"),
    path(BOOKS + "import/", books.import_, name="rulebook-import"),
    path(BOOK, books.rulebook, name="rulebook"),
    path(BOOK + "text/", books.text, name="rulebook-text"),
    path(BOOK + "yaml/", books.export, name="rulebook-yaml"),
    path(BOOK + "source/", books.source, name="rulebook-source"),
    path(BOOK + "rules/", editor.rules, name="rulebook-rules"),
    path(BOOK + "checks/", books.checks, name="rulebook-checks"),
    path(BOOK + "compare/", books.comparison, name="rulebook-compare"),
    path(BOOK + "history/", books.history, name="rulebook-history"),
    path(BOOK + "history/<int:number>/restore/", books.restore, name="rulebook-restore"),
    path(BOOK + "tree/", editor.tree, name="rulebook-tree"),
    path(BOOK + "leaf/<str:at>/", editor.leaf, name="leaf"),
    path(BOOK + "leaf/<str:at>/form/", editor.leaf_form, name="leaf-form"),
    path(BOOK + "leaf/<str:at>/save/", editor.leaf_save, name="leaf-save"),
    path(BOOK + "next/", books.next_, name="rulebook-next"),
    path(BOOK + "drop/", books.drop, name="rulebook-drop"),
    path(BOOK + "publish/", books.publish, name="rulebook-publish"),
]
