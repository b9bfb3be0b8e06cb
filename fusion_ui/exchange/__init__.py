"""Import and export formats, one file a format."""
