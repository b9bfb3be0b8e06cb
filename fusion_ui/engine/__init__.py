"""The pure core: values, evidence, selection, fusion and the one pipeline that strings them into events."""
