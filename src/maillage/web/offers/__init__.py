"""Pages on which a body changes what it offers, says when it can take work, and a network joins offers."""
