"""Pages that people look at: cockpit, leaderboards, units, indicators, the wall."""
