"""What hides in a PDF. It is not parsed as a reader would: names and streams are found wherever they stand, so that nothing escapes
by a broken cross-reference, and the work is bounded by what is unpacked."""

import re
import zlib

from competition.domain.upload_limits import CHUNK, MEGABYTE, PDF_PAGES, PDF_STREAMS, UNPACKED_MEGABYTES

_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")  # /Java#53cript is /JavaScript
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_COUNT = re.compile(rb"/Count\s+(\d{1,10})")
_END = rb"(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])"  # of a name
# What runs, starts, sends or carries along something else.
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|Rendition|Movie)" + _END)
_ENCRYPTED = re.compile(rb"/Encrypt" + _END)
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)" + _END)
_OBJECTS = re.compile(rb"/ObjStm" + _END)
_FILTER = re.compile(rb"/Filter" + _END)


class _Fault(Exception):
    pass


def fault_of(content: bytes) -> str | None:
    """`content` where it is not written as PDFs are, `encrypted`, `active`, `pages`, `bomb`, or None."""
    try:
        texts = _readable(content)
    except _Fault as fault:
        return str(fault)
    pages = 0
    for text in map(_plain, texts):
        if _ENCRYPTED.search(text):
            return "encrypted"
        if _ACTIVE.search(text):
            return "active"
        pages += len(_PAGE.findall(text))
        if pages > PDF_PAGES or any(int(count) > PDF_PAGES for count in _COUNT.findall(text)):
            return "pages"
    return None


def _plain(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text)


def _readable(content: bytes) -> list[bytes]:
    """The text outside streams, and that of streams of objects. Every stream is unpacked for its size."""
    outside, inside, at, streams = [], [], 0, 0
    room = UNPACKED_MEGABYTES * MEGABYTE
    while found := _STREAM.search(content, at):
        before, start = content[at : found.start()], found.end()
        outside.append(before)
        head = _plain(before[max(0, before.rfind(b"obj")) :])
        objects, layers = _OBJECTS.search(head) is not None, len(_FLATE.findall(head))
        streams += 1
        if streams > PDF_STREAMS or layers > 1:  # packed twice: nobody does that for a reader's sake
            raise _Fault("bomb")
        end = start
        if _packed(content, start):
            used, end, text = _inflate(content, start, room, keep=objects)
            room -= used
            if room < 0:
                raise _Fault("bomb")
        elif objects and _FILTER.search(head):  # objects packed in a way of which readers know more than this
            raise _Fault("content")
        stop = content.find(b"endstream", end)
        stop = len(content) if stop < 0 else stop
        if objects:
            inside.append(text if end > start else content[start:stop])
        at = stop + len(b"endstream")
    outside.append(content[at:])
    return [b"\n".join(outside), *inside]


def _packed(content: bytes, start: int) -> bool:
    """Begins with the two bytes of zlib, whatever its dictionary says."""
    first, second = (content[start : start + 2] + b"\0\0")[:2]
    return first & 15 == 8 and (first * 256 + second) % 31 == 0


def _inflate(content: bytes, start: int, room: int, *, keep: bool) -> tuple[int, int, bytes]:
    """(bytes that come out, at most a little above `room`; where the packed bytes end; the text where it is kept)."""
    unpacker, used, at, kept = zlib.decompressobj(), 0, start, []
    while at < len(content) and not unpacker.eof and used <= room:
        data = content[at : at + CHUNK]
        at += len(data)
        while data and not unpacker.eof and used <= room:
            try:
                out = unpacker.decompress(data, CHUNK)
            except zlib.error:  # readers take what came until here
                return used, at - len(data), b"".join(kept)
            used += len(out)
            if keep:
                kept.append(out)
            data = unpacker.unconsumed_tail
    return used, at - len(unpacker.unused_data), b"".join(kept)
