"""Small files of each type, made on the spot, and hostile ones."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EICAR_LIKE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$NOT-A-VIRUS-BUT-LIKE-ITS-TEST-FILE!$H+H*"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(64) + b"\xff\xd9"
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L" + bytes(20)
WAVE = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(20)
DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
XLSX = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
PPTX = {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"}


def png(shade: int = 0) -> bytes:
    """An image of one point."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes([0, shade]))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in chunks)


def package(parts: dict[str, bytes], *, packed: bool = True) -> bytes:
    """A zip of these parts, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def opendocument(word: str = "text", **more: bytes) -> bytes:
    """An OpenDocument, with the parts given besides."""
    kind = f"application/vnd.oasis.opendocument.{word}".encode()
    return package({"mimetype": kind, "content.xml": b"<office/>", **more}, packed=False)


def bomb() -> bytes:
    """A document of some kilobytes that says it unpacks to four gigabytes; nobody ever unpacks it."""
    whole = bytearray(package({**DOCX, "word/media/image1.png": bytes(1000)}))
    entry = whole.rfind(b"PK\x01\x02")
    whole[entry + 24 : entry + 28] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(whole)
