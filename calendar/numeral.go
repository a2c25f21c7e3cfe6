package calendar

// chineseDigits gives the digits of Chinese numerals.
var chineseDigits = map[rune]int{
	'〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
}

// chineseTens gives the units that a digit before them multiplies, and the old signs for twenty and thirty.
var (
	chineseUnits = map[rune]int{'十': 10, '百': 100, '千': 1000}
	chineseTens  = map[rune]int{'廿': 20, '卅': 30}
)

// numeral is a number as it was written.
type numeral struct {
	value   int
	digits  int  // characters it took
	chinese bool // written in Chinese
	zeroed  bool // Arabic with a leading zero
	old     bool // with 廿 or 卅, as days of the lunar calendar are
	listed  bool // several Chinese digits in a row: a year, or a rough number such as 两三
}

// longestNumeral keeps numbers within an int.
const longestNumeral = 8

func isNumeral(r rune) bool {
	if isDigit(r) {
		return true
	}
	if r < 0x80 {
		return false
	}
	_, digit := chineseDigits[r]
	_, unit := chineseUnits[r]
	_, tens := chineseTens[r]
	return digit || unit || tens
}

// number steps over a number in Arabic or Chinese digits. It fails on numbers that are too long to mean a date.
func (s *scanner) number() (numeral, bool) {
	if isDigit(s.peek()) {
		return s.arabic()
	}
	return s.chineseNumber()
}

func (s *scanner) arabic() (numeral, bool) {
	n := numeral{zeroed: s.peek() == '0'}
	for isDigit(s.peek()) {
		if n.digits == longestNumeral {
			return numeral{}, false
		}
		n.value = n.value*10 + int(s.peek()-'0')
		n.digits++
		s.at++
	}
	return n, n.digits > 0
}

// chineseNumber reads 二十四 by its units and 二〇二六 digit by digit.
func (s *scanner) chineseNumber() (numeral, bool) {
	start := s.at
	n := numeral{chinese: true}
	pending, digitwise, units := 0, 0, false
	for ; s.at-start < longestNumeral; s.at++ {
		r := s.peek()
		if digit, ok := chineseDigits[r]; ok {
			pending, digitwise = digit, digitwise*10+digit
			continue
		}
		if tens, ok := chineseTens[r]; ok {
			n.value, n.old, units = n.value+tens, true, true
			continue
		}
		unit, ok := chineseUnits[r]
		if !ok {
			break
		}
		if s.at == start || pending == 0 {
			pending = 1
		}
		n.value, pending, units = n.value+pending*unit, 0, true
	}
	n.digits = s.at - start
	n.value += pending
	if !units {
		n.value, n.listed = digitwise, n.digits > 1
	}
	return n, n.digits > 0 && !isNumeral(s.peek())
}
