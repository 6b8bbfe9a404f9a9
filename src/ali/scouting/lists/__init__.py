"""Files that fill the census: confiscated buildings (ANBSC), an office's own list, rents by zone (OMI)."""
