"""What follows from looking: a leader's instructions (批示), taken on and answered by units."""
