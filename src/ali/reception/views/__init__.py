"""Pages of reception: centres, contracts, stays, the steps of an exit."""
