"""Mutation testing: one small wrong change at a time, to see whether a test notices: `python -m tests.mutation -h`."""
