"""Settings, addresses, error pages: the only place that names every slice."""
