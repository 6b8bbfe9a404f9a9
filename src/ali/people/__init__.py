"""Persons, identifiers, households, permits, asylum cases, residence; and assignments: which body may see a person, as
what, why, from when to when. Higher apps write assignments; `visible_to` reads only them."""
