"""Tenancies from draft to departure: parties, signatures, hand-over, keys, communications, house rules."""
