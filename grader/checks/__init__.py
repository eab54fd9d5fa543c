"""The hidden checks: ordinary pytest tests that judge what a sandboxed submission returned.

Reads observations through the fixture `student` and the solutions through `reference`; writes nothing. `session` runs them, warm, for a whole class.
"""
