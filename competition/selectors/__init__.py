"""The doors for reading. Each takes the viewer and withholds what embargo or conflict hides; a stranger gets Http404."""
