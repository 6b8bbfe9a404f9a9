"""Work and means. So far: jobs with their income, savings and debts, read only by the person's case workers and, for a
live proposal, by the housing manager; everybody else sees the affordability band alone."""
