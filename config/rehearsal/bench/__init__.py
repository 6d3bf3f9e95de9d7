"""What `manage.py bench` measures, on a scratch database that it fills itself."""
