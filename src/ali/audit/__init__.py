"""What happened, to what, by whom: every change and every read of a person's file. Points at nothing by foreign key,
so that a record outlives what it speaks of. Pages over the log live in `desk`."""
