"""What a PDF carries of its fonts, made small. WeasyPrint keeps the numbers of all glyphs of a font, so that of each Chinese
face some 100 kB of empty places stand in every document. Faces whose glyphs have names by number (CID) do without them."""

import io


def compact(_document, pdf) -> None:
    """A finisher for `write_pdf`: every embedded CID-keyed OpenType face becomes its bare outlines of the glyphs in use."""
    objects = {item.reference: item for item in pdf.objects}
    done = {}
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Subtype") == "/CIDFontType0":
            descriptor = objects[item["FontDescriptor"]]
            stream = objects[descriptor["FontFile3"]]
            used = done.setdefault(stream.reference, (stream, set()))[1]
            used.update(glyphs(item["W"]))
            item.pop("CIDToGIDMap", None)  # the outlines themselves say which glyph is which
    for stream, used in done.values():
        if stream.extra.get("Subtype") == "/OpenType" and (outlines := bare(stream.stream[0], used)):
            stream.stream = [outlines]
            stream.extra["Subtype"] = "/CIDFontType0C"


def glyphs(widths) -> set[int]:
    """Of an array `first [width …] first [width …]`."""
    found: set[int] = set()
    for first, run in zip(widths[0::2], widths[1::2], strict=True):
        found.update(range(first, first + len(run)))
    return found


def bare(font: bytes, used: set[int]) -> bytes | None:
    """The outlines of the glyphs in use, each under its number; None where the font does not name them so."""
    import uharfbuzz as harfbuzz
    from fontTools.cffLib import CFFFontSet

    face = harfbuzz.Face(font)
    if "CFF " not in face.table_tags:
        return None
    wanted = harfbuzz.SubsetInput()
    wanted.sets(harfbuzz.SubsetInputSets.GLYPH_INDEX).update(used)
    wanted.flags = harfbuzz.SubsetFlags.DESUBROUTINIZE | harfbuzz.SubsetFlags.NOTDEF_OUTLINE
    outlines = bytes(harfbuzz.subset(face, wanted).reference_table("CFF ").data)
    faces = CFFFontSet()
    faces.decompile(io.BytesIO(outlines), None)
    names = faces.topDictIndex[0]
    if not hasattr(names, "ROS") or names.charset[1:] != [f"cid{number:05}" for number in sorted(used - {0})]:
        return None
    return outlines
