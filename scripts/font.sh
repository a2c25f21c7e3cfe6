#!/bin/sh
# Makes the font of the charts: the characters of GBK, which has those of places and names that GB 2312 lacks (硚口, 鄠邑, 喆), out of WenQuanYi Micro
# Hei. Needs Debian's packages fonts-wqy-microhei and python3-fonttools. The result is committed.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
characters=$(mktemp)
trap 'rm -f "$characters"' EXIT
"$python" - "$characters" <<'PYTHON'
import sys

wanted = set(range(0x20, 0x7F))
for high in range(0x81, 0xFF):
    for low in range(0x40, 0xFF):
        try:
            wanted.add(ord(bytes([high, low]).decode("gbk")))
        except UnicodeDecodeError:
            pass
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write("".join(chr(c) for c in sorted(wanted)))
PYTHON
"$python" -m fontTools.subset /usr/share/fonts/truetype/wqy/wqy-microhei.ttc --font-number=0 --text-file="$characters" --no-hinting \
	--layout-features='' --output-file=chart/wqy-microhei-gbk.ttf
