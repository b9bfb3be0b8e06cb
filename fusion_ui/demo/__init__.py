"""The demo that needs no key: prompts and scripted pools; everything after sampling is the true pipeline."""
