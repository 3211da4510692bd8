"""Pages of reviews, for reviewers and for those who run a call."""
