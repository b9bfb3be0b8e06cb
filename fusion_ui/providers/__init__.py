"""Implementations of the engine's seams to the outside: models (`Sampler`) and the slow answer checker."""
