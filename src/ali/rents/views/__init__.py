"""The pages of rents: accounts, arrears, the bank."""
