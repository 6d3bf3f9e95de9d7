"""Who may do what in a race. One file per noun registers its rows; nothing else decides."""
