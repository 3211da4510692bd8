"""The pages of labels and of who holds them."""
