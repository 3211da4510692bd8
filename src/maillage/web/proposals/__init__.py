"""Pages of proposals of change: their forms, the page of who proposes, and those of who answers."""
