"""What people prefer: ratings read, analysed, told to pages and printed."""
