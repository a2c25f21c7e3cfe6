package chart

import (
	"testing"

	"golang.org/x/image/font/sfnt"
)

// Units are called after places, and people have rare names.
func TestTheFontHasTheCharactersOfPlacesAndNames(t *testing.T) {
	font, err := sfnt.Parse(fontFile)
	if err != nil {
		t.Fatal(err)
	}
	var buffer sfnt.Buffer
	for _, r := range "硚口鄠邑瀍河浉河漷县洺州嵖岈勐海盱眙歙县黟县啟鑫喆堃珺翀镕婳昇赟玙甯燚璟晗" {
		if glyph, err := font.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
			t.Errorf("there is no %c, %v", r, err)
		}
	}
}
