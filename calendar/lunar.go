package calendar

import "time"

// The years whose lunar days are known.
const (
	firstLunarYear = 1990
	lastLunarYear  = 2100
)

// lunarYears describes each lunar year from 1990 to 2100. Bits 0 to 12 are the lengths of its months in order, the leap
// month included (1 for 30 days, 0 for 29); bits 13 to 16 name the month that the leap month follows (0 for none); the
// bits above count the days from 1 January to the lunar new year.
var lunarYears = [...]uint32{
	0x34be92, 0x5a0e92, 0x440d26, 0x2c6a56, 0x500a57, 0x3d14d6, 0x62035a, 0x4a06d5,
	0x36b6c9, 0x5c0749, 0x460693, 0x2e952b, 0x54052b, 0x3e0a5b, 0x2a555a, 0x4e056a,
	0x38fb55, 0x600ba4, 0x4a0b49, 0x32ba93, 0x580a95, 0x42052d, 0x2c8aad, 0x500ab5,
	0x3d35aa, 0x6205d2, 0x4c0da5, 0x36dd4a, 0x5c0d4a, 0x460c95, 0x30952e, 0x540556,
	0x3e0ab5, 0x2a55b2, 0x5006d2, 0x38cea5, 0x5e0725, 0x48064b, 0x32ac97, 0x560cab,
	0x42055a, 0x2c6ad6, 0x520b69, 0x3d7752, 0x620b52, 0x4c0b25, 0x36da4b, 0x5a0a4b,
	0x4404ab, 0x2ea55b, 0x5405ad, 0x3e0b6a, 0x2a5b52, 0x500d92, 0x3afd25, 0x5e0d25,
	0x480a55, 0x32b4ad, 0x5804b6, 0x4005b5, 0x2c6daa, 0x520ec9, 0x3f1e92, 0x620e92,
	0x4c0d26, 0x36ca56, 0x5a0a57, 0x4404d6, 0x2e86d5, 0x540755, 0x400749, 0x286e93,
	0x4e0693, 0x38f52b, 0x5e052b, 0x460a5b, 0x32b55a, 0x58056a, 0x420b65, 0x2c974a,
	0x520b4a, 0x3d1a95, 0x620a95, 0x4a052d, 0x34caad, 0x5a0ab5, 0x4605aa, 0x2e8ba5,
	0x540da5, 0x400d4a, 0x2a7c95, 0x4e0c96, 0x38f94e, 0x5e0556, 0x480ab5, 0x32b5b2,
	0x5806d2, 0x420ea5, 0x2e8e4a, 0x50068b, 0x3b0c97, 0x6004ab, 0x4a055b, 0x34cad6,
	0x5a0b6a, 0x460752, 0x309725, 0x540b45, 0x3e0a8b, 0x28549b, 0x4e04ab,
}

// LunarDate returns the civil date of a day of the lunar calendar (never of a leap month). It returns false for years
// outside 1990 to 2100 and for days that the month does not have.
func LunarDate(year, month, day int) (Date, bool) {
	if year < firstLunarYear || year > lastLunarYear || month < 1 || month > 12 || day < 1 {
		return Date{}, false
	}
	bits := lunarYears[year-firstLunarYear]
	leap := int(bits >> 13 & 0xf)
	index := month - 1
	if leap > 0 && month > leap {
		index++
	}
	if day > lunarMonthLength(bits, index) {
		return Date{}, false
	}
	offset := int(bits>>17) + day - 1
	for i := range index {
		offset += lunarMonthLength(bits, i)
	}
	return Date{Year: year, Month: time.January, Day: 1}.Add(offset), true
}

// lunarYearEnd returns the last day of a lunar year, 除夕.
func lunarYearEnd(year int) (Date, bool) {
	next, ok := LunarDate(year+1, 1, 1)
	return next.Add(-1), ok
}

func lunarMonthLength(bits uint32, index int) int {
	return 29 + int(bits>>index&1)
}

// qingming returns the day of the solar term 清明, good from 1990 to 2100.
func qingming(year int) Date {
	since, constant := year-2000, 4.81
	if year < 2000 {
		since, constant = year-1900, 5.59
	}
	day := int(float64(since)*0.2422+constant) - (since/4 - since/100)
	return Date{Year: year, Month: time.April, Day: day}
}
