"""The pages of needs: stating one, following it, dealing with it, and the teams that are asked."""
