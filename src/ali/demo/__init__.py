"""The invented territory, people and homes of the demonstration.

`population`, `centres` and `homes` invent plain records from a seed and a day and know nothing of the database.
Everything invented says so (`LABEL`): no real person may ever be here, and invented people live under invented managers.
"""
