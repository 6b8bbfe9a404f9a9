"""Regions, provinces, municipalities, states, languages and borders, from public data with their version."""
