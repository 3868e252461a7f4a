"""Faults of three nodes over one Redis: rounds.py makes them, faults.py has them in a table, invariants.py says what must hold after each."""
