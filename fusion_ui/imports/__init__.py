"""What others recorded, brought in: understood first, then stored whole or not at all."""
