package calendar

// starters are the characters that a phrase can begin with; from any other the grammar has nothing to read. They are
// gathered from its tables and, for the words that stand in its functions, from the list below.
var starters = gatherStarters()

const startersInFunctions = "周星礼当月首最倒第季上下年岁农阴旧大元每按逐双单隔逢半午今明后昨早晚本这再未接此自即从现"

func gatherStarters() map[rune]bool {
	set := map[rune]bool{}
	for _, r := range startersInFunctions {
		set[r] = true
	}
	for r := range chineseDigits {
		set[r] = true
	}
	for r := range chineseUnits {
		set[r] = true
	}
	for r := range chineseTens {
		set[r] = true
	}
	addWords(set, vagueWords)
	addWords(set, schoolWords)
	addWords(set, eventWords)
	addTable(set, partsOfDay)
	addTable(set, relativeDays)
	addTable(set, weekPrefixes)
	addTable(set, yearPrefixes)
	addTable(set, monthPrefixes)
	addTable(set, periodPrefixes)
	addTable(set, festivals)
	addTable(set, lunarMonths)
	return set
}

func addWords(set map[rune]bool, words []string) {
	for _, word := range words {
		for _, r := range word {
			set[r] = true
			break
		}
	}
}

func addTable[T any](set map[rune]bool, table []named[T]) {
	for _, entry := range table {
		addWords(set, []string{entry.word})
	}
}

// canStart says whether a phrase can begin with r.
func canStart(r rune) bool {
	if r < 0x80 {
		return isDigit(r) || isLetter(r)
	}
	return starters[r]
}
