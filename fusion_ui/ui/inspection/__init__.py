"""The Inspect page on the server: its endpoints, and what they tell as JSON."""
