"""Partners for a need, ranked by what they did before: the projects of a public funder, and who took part in them."""
