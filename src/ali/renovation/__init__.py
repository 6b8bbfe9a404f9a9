"""Works on a building: phases and building titles, costs, quotes, funding, programme; economics of a unit."""
