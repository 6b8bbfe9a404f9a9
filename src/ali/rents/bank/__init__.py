"""The bank's files: what they say (`camt`, `cbi`, `delimited`), whose payment each movement may be (`recognition`), the import."""
