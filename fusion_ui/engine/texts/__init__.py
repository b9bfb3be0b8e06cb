"""How texts are cut into sentences and compared; used by consensus, attribution and the extractive fusor."""
