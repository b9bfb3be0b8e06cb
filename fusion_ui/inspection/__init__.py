"""Looking into stored runs: finding them, seeing where and why an answer went wrong, and saying so."""
