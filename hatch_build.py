"""Builds the translations that the platform reads (.mo) from the texts that people edit (.po)."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Translations(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles every django.po beside itself, for wheels and for installing in place."""

    PLUGIN_NAME = "custom"

    def initialize(self, _version: str, build_data: dict[str, Any]) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for text in Path(self.root, "src/saima_web").glob("*/locale/*/LC_MESSAGES/django.po"):
            built = text.with_suffix(".mo")
            with text.open("rb") as source:
                catalogue = read_po(source)
            with built.open("wb") as out:
                write_mo(out, catalogue)
            build_data["artifacts"].append(str(built.relative_to(self.root)))
