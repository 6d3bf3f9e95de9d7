"""Parse, one selector or service call, template."""
