"""Pages on which an organisation changes its offers and capacity, and a network joins offers."""
