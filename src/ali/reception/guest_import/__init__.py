"""The import of guest lists: rows become files of persons, their stay, their case, their permit and their household.

A list adds to what we hold and overwrites nothing; whom a row speaks of is a person's decision whenever it is not clear.
"""
