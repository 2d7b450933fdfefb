"""First places for new items: the trial beside other policies, on made-up like rates."""
