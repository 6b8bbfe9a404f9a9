"""Law and local practice as data: value, territory, validity, source, sentence, confirmed by whom. And the registry of
the rules that anyone may call by name (`ali calc`), which higher apps fill."""
