"""How large a picture is when it is unpacked. Only its header is read."""

import warnings
from typing import BinaryIO

from PIL import Image

from competition.domain.upload_limits import MEGAPIXELS


def fault_of(file: BinaryIO, format: str) -> str | None:
    """`pixels`, `content` where the header is none of this format (PNG or JPEG), or None."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(file, formats=[format]) as picture:
            width, height = picture.size
    except Image.DecompressionBombError:
        return "pixels"
    except Exception:  # whatever a forged header makes of it
        return "content"
    return "pixels" if width * height > MEGAPIXELS * 1_000_000 else None
