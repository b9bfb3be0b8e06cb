"""One module a page. Pages lay out and hand on; words, parsing, drawing and storing live elsewhere."""
