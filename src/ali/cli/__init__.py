"""The `ali` command: parses, calls one service or rule, prints."""
