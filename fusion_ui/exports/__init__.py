"""What is stored, handed out for other tools and for other copies of this app."""
