"""From invented records to rows of the database, in bulk: one module for each part of the world."""
