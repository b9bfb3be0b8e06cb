"""Figures of the lab's reports, fit for a paper. Only this room knows matplotlib, which takes a second to import."""
