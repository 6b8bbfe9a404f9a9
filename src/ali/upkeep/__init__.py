"""What keeps a home going: maintenance tickets with their costs, social visits and the mediation of conflicts.

Owns what was reported, done, paid and said in a home. The works that make a home habitable are `renovation`'s, the rent is
`rents`'. Visits are read by who does them, a mediation only by those named on it.
"""
