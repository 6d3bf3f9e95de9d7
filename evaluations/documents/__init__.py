"""Documents of the judging: what each says, as plain JSON; drawn by `competition.documents.render`."""
