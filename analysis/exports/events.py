"""TensorFlow's event records by hand: framing with masked CRC-32C, and the four fields of Event that scalars need.

Formats: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto, framework/summary.proto.
"""

import struct


def crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


TABLE = crc_table()


def crc32c(data):
    """Castagnoli's CRC (RFC 3720, B.4)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(data):
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def varint(value):
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def message(field, data):
    """A field that holds a string or a message."""
    return varint(field << 3 | 2) + varint(len(data)) + data


def version(wall_time):
    """The first event of a file: wall_time = 1, file_version = 3."""
    return b"\x09" + struct.pack("<d", wall_time) + message(3, b"brain.Event:2")


def event(wall_time, step, scalars):
    """wall_time = 1 (double), step = 2 (int64), summary = 5 of values = 1 with tag = 1 and simple_value = 2."""
    values = b"".join(
        message(1, message(1, tag.encode()) + b"\x15" + struct.pack("<f", value))
        for tag, value in scalars.items()
    )
    return b"\x09" + struct.pack("<d", wall_time) + b"\x10" + varint(step) + message(5, values)
