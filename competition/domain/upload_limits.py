"""How much may hide in a file that somebody hands in. Wide of what honest files hold, narrow of what stops a reader's program."""

MEGABYTE = 1024 * 1024
UNPACKED_MEGABYTES = 300  # all parts of a package, or all streams of a PDF, together
PACKAGE_PARTS = 5_000
PDF_PAGES = 2_000
PDF_STREAMS = 50_000
MEGAPIXELS = 120
PROLOG_BYTES = 64 * 1024  # of an XML part, within which its first element begins
CHUNK = 256 * 1024
