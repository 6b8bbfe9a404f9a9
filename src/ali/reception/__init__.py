"""Centres, places, contracts, stays and exits from reception with their clock, their solution and what each person
still lacks (gaps, which higher apps supply)."""
