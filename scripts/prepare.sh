#!/usr/bin/env bash
# Makes sure that what the tests need beyond Go is there: a C compiler for the race detector, Chromium for the page of the demo, and a font
# with Chinese characters for what it draws. `prepare.sh long` also sees to LibreOffice and poppler, by which the long tests print our workbooks.
# Installs what is missing on Debian and Ubuntu as root; says what to install elsewhere.
set -euo pipefail

has_chromium() {
	local name
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		if command -v "$name" >/dev/null; then return 0; fi
	done
	return 1
}

has_chinese_font() {
	command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]
}

has_compiler() {
	command -v "${CC:-gcc}" >/dev/null || command -v clang >/dev/null
}

missing=()
has_compiler || missing+=(gcc libc6-dev)
has_chromium || missing+=(chromium)
has_chinese_font || missing+=(fontconfig fonts-wqy-microhei)
if [ "${1:-}" = long ]; then
	command -v soffice >/dev/null || missing+=(libreoffice-calc-nogui)
	command -v pdftotext >/dev/null && command -v pdfinfo >/dev/null || missing+=(poppler-utils)
fi

if [ ${#missing[@]} -eq 0 ]; then
	exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
	echo "the tests need ${missing[*]} (names of Debian's packages): install them, or run this once as root" >&2
	exit 1
fi

echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
