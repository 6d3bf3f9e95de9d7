"""What each document of this app says, as plain JSON, each with its kind. Read in the document's language."""
