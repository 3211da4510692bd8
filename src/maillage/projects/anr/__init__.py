"""Projects of the ANR, the French National Research Agency, and the investments of the State that it manages."""
