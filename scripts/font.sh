#!/bin/sh
# Makes the font of the charts: the characters of GB 2312, and those of names beside them, out of WenQuanYi Micro Hei. Needs Debian's packages
# fonts-wqy-microhei and python3-fonttools. The result is committed; this is for adding characters.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
characters=$(mktemp)
trap 'rm -f "$characters"' EXIT
"$python" - "$characters" <<'PYTHON'
import sys

wanted = set(range(0x20, 0x7F))
for high in range(0xA1, 0xF8):
    for low in range(0xA1, 0xFF):
        try:
            wanted.add(ord(bytes([high, low]).decode("gb2312")))
        except UnicodeDecodeError:
            pass
wanted |= set(map(ord, "·—–…“”‘’℃①②③④⑤⑥⑦⑧⑨⑩"))
wanted |= set(map(ord, "婳珺堃昇喆赟玙甯翀燚璟晗炅昊菀熠禛祎珩瑀琤璠晞暘昀旻玥垚淼焱犇羴骉玎璐珏琰瓅蕙鑫彧翊翾韡韬頔镕锜濛瀚灏溦沄湉渼嫄媛姝妤婕婧嬿梓棽桢楠榕槿怡恺悫岚崟嵘峣尧"))
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write("".join(chr(c) for c in sorted(wanted)))
PYTHON
"$python" -m fontTools.subset /usr/share/fonts/truetype/wqy/wqy-microhei.ttc --font-number=0 --text-file="$characters" --no-hinting \
	--layout-features='' --output-file=chart/wqy-microhei-gb2312.ttf
