"""Campaign files: load, check, annotate and write a campaign as a folder or as a workbook.

The functions below are the way in. Beside them:

    reading   folder · workbook · sheets · grids · settings · rulebooks · rulebook_sheets: the files
              schema · values · names: headers and words, cells, names to codes
              entities: the small tables; figures · keys · amounts · once: facts and targets
    checking  checks · figure_checks · duties; wordings in problems and check_problems
    writing   content · template · sample · guide · annotating
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saima.files.campaign.annotating import annotate as annotate
    from saima.files.campaign.checks import check_tables as check_tables
    from saima.files.campaign.loading import load_campaign as load_campaign
    from saima.files.campaign.writing import save_campaign as save_campaign
    from saima.files.campaign.writing import write_template as write_template

_HOMES = {
    "annotate": "annotating",
    "check_tables": "checks",
    "load_campaign": "loading",
    "save_campaign": "writing",
    "write_template": "writing",
}


def __getattr__(name: str) -> Any:
    """Take a function from its module when it is asked for: a command starts faster."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
