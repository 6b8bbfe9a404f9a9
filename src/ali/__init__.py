"""A.L.I.: from reception centres to a home, a job and a community."""

__version__ = "0.1.0"
