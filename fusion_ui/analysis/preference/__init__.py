"""Pure statistics of what people prefer: from pairs that were judged to rates, ladders, agreement and plans."""
