"""A transition table: the states of a thing, the events that move it, and the refusal of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from saima.problems import declare, refuse

NOT_NOW = declare(
    "not-now",
    "现在是“{state}”，不能{event}。",
    "{hint}",
    "it is “{state}” now; it cannot be {event}.",
    "{hint}",
)


@dataclass(frozen=True)
class Workflow:
    """States and events with their Chinese names, and (state, event) -> state."""

    states: Mapping[str, str]
    events: Mapping[str, str]
    moves: Mapping[tuple[str, str], str]

    def step(self, state: str, event: str) -> str:
        """The state after an event. Errors: Refused `not-now` where it does not apply."""
        after = self.moves.get((state, event))
        if after is None:
            possible = "、".join(self.events[e] for e in self.events_at(state)) or "无"
            raise refuse(
                NOT_NOW,
                state=self.states[state],
                event=self.events[event],
                hint=f"现在可以：{possible}。",
            )
        return after

    def events_at(self, state: str) -> tuple[str, ...]:
        """The events that apply in a state, in the order of the table."""
        return tuple(event for (at, event) in self.moves if at == state)
