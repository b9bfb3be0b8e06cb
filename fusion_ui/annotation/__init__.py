"""Annotation sessions over the store: studies made and kept, trials given out, judgements taken, results handed on."""
