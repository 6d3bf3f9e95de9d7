#!/usr/bin/env python
"""Django's command line for Saima."""

import os
import sys

from config import file_commands

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] and sys.argv[1] in file_commands.HOMES:
        file_commands.run(sys.argv)
    else:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
