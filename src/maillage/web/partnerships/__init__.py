"""Pages of needs: the form for a new one, the requester's page, an institute's forms, teams and their replies."""
