"""Many prompts through one recipe, resumed where they were left."""
