"""Scoring a campaign: marks, scores, places, and why."""

from saima.scoring.engine import Scoring, score
from saima.scoring.report import result
from saima.scoring.trace import explain

__all__ = ["Scoring", "explain", "result", "score"]
