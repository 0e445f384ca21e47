"""The demonstration: an invented group with 14 units, 30 indicators and ten months behind it."""
