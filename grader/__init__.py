"""Sandboxed auto-grading of the reparameterization-trick exercises.

Kept free of imports: the sandbox's fork server imports this package, and nothing of the grader may be loaded there by accident.
"""

__version__ = "0.1.0"
# Of the random checks, where none is asked for.
DEFAULT_SEED = 20260101
