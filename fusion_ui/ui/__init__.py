"""What people see: pages, the board and the server behind them."""
