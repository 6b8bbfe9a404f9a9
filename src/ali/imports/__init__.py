"""Files from offices into the database: safe reading, column mapping remembered per sender, staged rows, one last
transaction that applies them. The kinds of import are offered by the apps that own the data."""
