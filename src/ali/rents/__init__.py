"""The rent ledger per person: dues, payments, bank movements, arrears, repayment plans, early warning."""
