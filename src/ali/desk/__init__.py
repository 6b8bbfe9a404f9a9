"""Staff home by role, the exit list, the one-page view of a person, search, the expiry board, the audit log's pages.
No models: it joins what the other apps offer."""
