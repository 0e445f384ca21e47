"""Writes the place of the C library's loader into the interpreter, where `make bundle` left room.

The kernel starts a program through the loader that the program names, by a whole path, which is
known only when the bundle is installed.
"""

import sys
from pathlib import Path

ROOM = b"/" + b"x" * 230


def main() -> None:
    program, loader = Path(sys.argv[1]), sys.argv[2].encode()
    content = program.read_bytes()
    if content.count(ROOM) != 1 or len(loader) > len(ROOM):
        sys.exit(f"{program}: no room for {loader.decode()}")
    draft = program.with_suffix(".draft")
    draft.write_bytes(content.replace(ROOM, loader.ljust(len(ROOM), b"\0")))
    draft.chmod(0o755)
    draft.rename(program)


if __name__ == "__main__":
    main()
