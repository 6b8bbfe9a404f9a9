"""Agreements with owners by contract type, their amendments and clocks; bodies that guarantee and the guarantee fund."""
