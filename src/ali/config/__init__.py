"""Settings, environment, addresses: the only place that knows every app."""
