"""Static files in production: each under a name with its digest, compressed once, the imports of our scripts included."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

_, IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns


class StaticFiles(CompressedManifestStaticFilesStorage):
    # Else a module would import its neighbours of an older version. Ours only: other packages' comments contain imports too.
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", IMPORTS))
    keep_only_hashed_files = True

    def create_compressor(self, **options):
        return Compressor(use_brotli=False, **options)  # saves little on our files and costs half a minute on others'
