"""How an answer is found in a text, written as a key, and compared. `fusion_ui.engine.answers` is the way in."""
