"""Owners of empty or hard-to-let buildings, the census of those buildings, offers, visits and campaigns to owners."""
