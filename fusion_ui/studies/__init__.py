"""The rules of annotation, pure: what is asked of whom, in which order, and what makes a judgement count."""
