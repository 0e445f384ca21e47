"""Yellow and red cards: which are due by the rules, which escalate, which are lifted."""

from saima.cards.judging import judge
from saima.cards.model import Card, History, Observation, Proposal
from saima.cards.replaying import replay
from saima.cards.rules import CardRules

__all__ = ["Card", "CardRules", "History", "Observation", "Proposal", "judge", "replay"]
