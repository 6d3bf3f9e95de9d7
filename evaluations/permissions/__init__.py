"""Who may do what in the judging."""
