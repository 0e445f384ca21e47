"""What a paragraph or a run of a Word file looks like after defaults, styles and its own settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from saima.files.document.docx_format import W

_UNITS = {"mm": 1440 / 25.4, "cm": 14400 / 25.4, "in": 1440.0, "pt": 20.0, "pc": 240.0, "pi": 240.0}
_MEASURE = re.compile(r"^(-?\d+(?:\.\d+)?)(mm|cm|in|pt|pc|pi)?$")
_OFF = ("0", "false", "off", "none")


def q(name: str) -> str:
    """A name of the main namespace as lxml wants it."""
    return f"{{{W}}}{name}"


def value(element: Any, child: str, attribute: str = "val") -> str | None:
    """An attribute of a child element; None where either is missing."""
    found = element.find(q(child)) if element is not None else None
    return None if found is None else found.get(q(attribute))


def on(element: Any, child: str) -> bool | None:
    """A switch: None where it is not set."""
    found = element.find(q(child)) if element is not None else None
    return None if found is None else (found.get(q("val")) or "1") not in _OFF


def twips_of(text: str | None) -> float | None:
    """A measure in twips: a plain number, or one with a unit as the strict variant writes it."""
    found = _MEASURE.match((text or "").strip())
    if not found:
        return None
    return float(found[1]) * (_UNITS[found[2]] if found[2] else 1.0)


@dataclass(frozen=True)
class Type:
    """Fonts, size in points and colour of a run."""

    east_asian: str = ""
    latin: str = ""
    size: float = 10.0
    colour: str = ""


@dataclass(frozen=True)
class Setting:
    """The shape of a paragraph: alignment, indents in twips and characters, spacing in twips.

    line_rule is auto, exact or atLeast; line in twips, or 1/240 of a line for auto.
    """

    align: str = "left"
    first: float = 0.0
    first_characters: float = 0.0
    left: float = 0.0
    left_characters: float = 0.0
    right: float = 0.0
    right_characters: float = 0.0
    line: float = 240.0
    line_rule: str = "auto"
    snap: bool = True
    number_id: str = ""
    number_level: int = 0
    bottom_rule: tuple[str, float] | None = None


@dataclass
class Sheet:
    """The styles of a document, ready to be resolved."""

    styles: dict[str, Any] = field(default_factory=dict)
    defaults: Any = None
    default_style: str = ""
    theme: dict[str, str] = field(default_factory=dict)

    def chain(self, style_id: str) -> list[Any]:
        """A style and those it is based on, the base first."""
        found: list[Any] = []
        seen: set[str] = set()
        while style_id in self.styles and style_id not in seen:
            seen.add(style_id)
            found.insert(0, self.styles[style_id])
            style_id = value(self.styles[style_id], "basedOn") or ""
        return found

    def name(self, style_id: str) -> str:
        return (value(self.styles.get(style_id), "name") or "").lower()

    def setting(self, paragraph: Any) -> Setting:
        """The shape of a paragraph element."""
        own = paragraph.find(q("pPr"))
        sources = [_default(self.defaults, "pPrDefault", "pPr")]
        sources += [style.find(q("pPr")) for style in self.chain(self.style_of(paragraph))]
        result = Setting()
        for source in (*sources, own):
            result = _with_paragraph(result, source)
        return result

    def style_of(self, paragraph: Any) -> str:
        return value(paragraph.find(q("pPr")), "pStyle") or self.default_style

    def paragraph_type(self, paragraph: Any) -> Type:
        """The type of a paragraph's runs before their own settings."""
        result = _with_run(Type(), _default(self.defaults, "rPrDefault", "rPr"), self.theme)
        for style in self.chain(self.style_of(paragraph)):
            result = _with_run(result, style.find(q("rPr")), self.theme)
        return result

    def run_type(self, run: Any, base: Type) -> Type:
        """The type of a run element in a paragraph whose type is `base`."""
        own = run.find(q("rPr"))
        for style in self.chain(value(own, "rStyle") or ""):
            base = _with_run(base, style.find(q("rPr")), self.theme)
        return _with_run(base, own, self.theme)


def _default(defaults: Any, outer: str, inner: str) -> Any:
    found = defaults.find(q(outer)) if defaults is not None else None
    return found.find(q(inner)) if found is not None else None


def read_sheet(styles: Any, theme: Any) -> Sheet:
    """The style sheet of a document; both parts may be missing."""
    if styles is None:
        return Sheet(theme=_theme_fonts(theme))
    known = {style.get(q("styleId"), ""): style for style in styles.findall(q("style"))}
    default = next(
        (
            id_
            for id_, style in known.items()
            if style.get(q("type")) == "paragraph"
            and style.get(q("default"), "0").lower() not in _OFF
        ),
        "",
    )
    return Sheet(known, styles.find(q("docDefaults")), default, _theme_fonts(theme))


def _theme_fonts(theme: Any) -> dict[str, str]:
    """Theme font names (minorEastAsia, majorHAnsi, …); Chinese ones by the script Hans."""
    if theme is None:
        return {}
    found = {}
    for kind in ("major", "minor"):
        fonts = theme.find(f".//{{*}}{kind}Font")
        if fonts is None:
            continue
        names = {child.tag.rsplit("}", 1)[-1]: child.get("typeface", "") for child in fonts}
        hans = next((c.get("typeface", "") for c in fonts if c.get("script") == "Hans"), "")
        latin = names.get("latin", "")
        found[f"{kind}EastAsia"] = names.get("ea") or hans
        found[f"{kind}HAnsi"] = found[f"{kind}Ascii"] = latin
    return found


def _with_run(base: Type, properties: Any, theme: dict[str, str]) -> Type:
    if properties is None:
        return base
    fonts = properties.find(q("rFonts"))
    changes: dict[str, Any] = {}
    if fonts is not None:
        east = theme.get(fonts.get(q("eastAsiaTheme"), ""), "") or fonts.get(q("eastAsia"), "")
        latin = theme.get(fonts.get(q("asciiTheme"), ""), "") or fonts.get(q("ascii"), "")
        changes |= {"east_asian": east} if east else {}
        changes |= {"latin": latin} if latin else {}
    size = twips_of(value(properties, "sz"))
    changes |= {"size": size / 2} if size else {}
    colour = value(properties, "color")
    changes |= {"colour": colour.upper()} if colour else {}
    return replace(base, **changes)


def _with_paragraph(base: Setting, properties: Any) -> Setting:
    if properties is None:
        return base
    changes: dict[str, Any] = {}
    align = value(properties, "jc")
    changes |= {"align": {"start": "left", "end": "right"}.get(align, align)} if align else {}
    snap = on(properties, "snapToGrid")
    changes |= {"snap": snap} if snap is not None else {}
    changes |= _spacing(properties.find(q("spacing"))) | _indents(properties.find(q("ind")))
    changes |= _numbering(properties.find(q("numPr"))) | _bottom_rule(properties.find(q("pBdr")))
    return replace(base, **changes)


def _spacing(spacing: Any) -> dict[str, Any]:
    if spacing is None:
        return {}
    line, rule = twips_of(spacing.get(q("line"))), spacing.get(q("lineRule"))
    found: dict[str, Any] = {"line": line} if line else {}
    if rule or line:
        found["line_rule"] = rule or "auto"
    return found


def _indents(indents: Any) -> dict[str, Any]:
    """Indents; character units win over twips, a hanging one counts as negative."""
    if indents is None:
        return {}
    found: dict[str, Any] = {}
    for name, keys, sign in (
        ("left", ("left", "start"), 1),
        ("right", ("right", "end"), 1),
        ("first", ("firstLine",), 1),
        ("first", ("hanging",), -1),
    ):
        for key in keys:
            plain = twips_of(indents.get(q(key)))
            characters = twips_of(indents.get(q(f"{key}Chars")))
            found |= {name: sign * plain} if plain is not None else {}
            if characters is not None:
                found[f"{name}_characters"] = sign * characters / 100
    return found


def _numbering(numbering: Any) -> dict[str, Any]:
    if numbering is None:
        return {}
    level = value(numbering, "ilvl") or "0"
    found: dict[str, Any] = {"number_level": int(level) if level.isdigit() else 0}
    id_ = value(numbering, "numId")
    return found | ({"number_id": "" if id_ == "0" else id_} if id_ else {})


def _bottom_rule(borders: Any) -> dict[str, Any]:
    bottom = borders.find(q("bottom")) if borders is not None else None
    if bottom is None or bottom.get(q("val")) in ("nil", "none"):
        return {}
    size = twips_of(bottom.get(q("sz"))) or 0.0
    return {"bottom_rule": ((bottom.get(q("color")) or "auto").upper(), size)}
