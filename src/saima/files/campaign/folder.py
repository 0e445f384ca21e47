"""A campaign as a folder: campaign.yaml, rulebooks/*.yaml and tables as CSV or Parquet."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from saima.files.campaign.grids import Grid, open_grid
from saima.files.campaign.problems import Findings
from saima.files.campaign.rulebooks import ReadRulebook
from saima.files.campaign.schema import FORMS
from saima.files.campaign.settings import Settings, flatten, known_values
from saima.problems import Place, Problem, Refused, refuse
from saima.rules.documents import read_document_file
from saima.rules.reading import rulebook_from

SETTINGS = "campaign.yaml"
MOST_FILES = 500
"""Files of one table, and rulebooks, in a folder."""


@dataclass
class Source:
    """A campaign as it was opened: settings, grids by table, rulebooks, and what was wrong."""

    name: str
    settings: Settings
    grids: dict[str, list[Grid]] = field(default_factory=dict)
    rulebooks: list[ReadRulebook] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def open_folder(path: Path, findings: Findings, track: str | None = None) -> Source:
    """Open a folder. Errors: Refused where campaign.yaml is missing or cannot be read.

    A table or rulebook that cannot be read is named, and the rest is read on. With `track`, of
    facts and targets only the files of that track are opened (facts/甲赛道.parquet, 甲赛道-2.parquet).
    """
    source = Source(path.name, _settings(path, findings))
    for form in FORMS:
        files = _files(path, form.table, findings)
        if track is not None and form.table in ("facts", "targets"):
            files = _of_track(files, form.table, track)
        source.grids[form.table] = []
        for name, file in files:
            try:
                source.grids[form.table].append(open_grid(file, name, form, findings))
            except Refused as refusal:
                findings.take(refusal.problem)
    _name_misspelt(path, findings)
    for file in sorted((path / "rulebooks").glob("*.yaml"))[:MOST_FILES]:
        document, problems = read_document_file(file)
        rulebook, problems = rulebook_from(document, problems)
        source.problems += problems
        if rulebook and document:
            source.rulebooks.append(ReadRulebook(rulebook, document.place))
    return source


def _of_track(files: list[tuple[str, Path]], table: str, track: str) -> list[tuple[str, Path]]:
    mine = [(n, p) for n, p in files if p.stem == track or p.stem.startswith(f"{track}-")]
    if not mine:
        raise refuse("track-not-apart", Place(file=f"{table}/"), track=track)
    return mine


def _name_misspelt(folder: Path, findings: Findings) -> None:
    """Name files that are almost called like a table; others are no concern of ours."""
    tables = [form.table for form in FORMS]
    for file in sorted(folder.glob("*.*"))[:MOST_FILES]:
        if file.suffix.lower() in (".csv", ".parquet") and file.stem not in tables:
            near = get_close_matches(file.stem.lower(), tables, 1, 0.75)
            if near:
                findings.add("file-passed-over", Place(file=file.name), nearest=near[0])


def _settings(path: Path, findings: Findings) -> Settings:
    file = path / SETTINGS
    if not file.is_file():
        raise refuse("campaign-not-found", Place(file=f"{path.name}/{SETTINGS}"))
    document, problems = read_document_file(file)
    if document is None or not isinstance(document.data, dict):
        raise Refused(problems[0]) if problems else refuse("clock-missing", Place(file=SETTINGS))
    for problem in problems:
        findings.take(problem)
    by_path = flatten(document.data)
    places = {".".join(p): document.place(p) for p in by_path}
    raw = {".".join(p): value for p, value in by_path.items()}
    values = known_values(raw, lambda key: places[key], findings)
    known = {key: document.place(tuple(key.split("."))) for key in values}
    return Settings(values, known, Place(file=SETTINGS), findings)


def _files(folder: Path, table: str, findings: Findings) -> list[tuple[str, Path]]:
    """(name for places, file) of a table: one file, or all files of a folder of its name."""
    single = [folder / f"{table}{suffix}" for suffix in (".parquet", ".csv")]
    found = [(file.name, file) for file in single if file.is_file()]
    if len(found) > 1:
        first, second = (name for name, _ in found)
        values = {"table": table, "first": first, "second": second}
        findings.add("table-twice", Place(file=second), **values)
    inside = sorted(p for p in (folder / table).glob("*.*") if p.suffix in (".parquet", ".csv"))
    return found[:1] + [(f"{table}/{p.name}", p) for p in inside[:MOST_FILES]]
