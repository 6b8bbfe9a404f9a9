"""Maintenance tickets, social visits and mediation of conflicts in the homes."""
