package bot

import (
	"duban"
	"duban/text"
)

// flags are the lines that warn a reviewer of the evidence of a submission: files that were handed in for another item too, and files that were forwarded
// from elsewhere. Without a line there is nothing to warn of. Other items are named as far as the reviewer may see them.
func (p *page) flags(files []duban.File) []text.HTML {
	lines := p.reuseLines(files)
	forwarded := 0
	for _, f := range files {
		if f.Forwarded {
			forwarded++
		}
	}
	if forwarded > 0 {
		lines = append(lines, p.text("review.forwarded", "n", forwarded))
	}
	if count := duban.CountFiles(files); count.Again > 0 {
		lines = append(lines, p.text("review.again", "n", count.Again))
	}
	return lines
}

// reuseLines names the other items for which a file was handed in too. Of those that the reader may not see only the number is told.
func (p *page) reuseLines(files []duban.File) []text.HTML {
	used, order := map[int64]int{}, []int64{}
	for _, f := range files {
		uses, err := p.tx.UsesElsewhere(f)
		if err != nil {
			return []text.HTML{p.text("review.reused_unknown")}
		}
		for _, id := range uses {
			if used[id] == 0 {
				order = append(order, id)
			}
			used[id]++
		}
	}
	var lines []text.HTML
	hidden := 0
	for _, id := range order {
		it, err := p.item(id)
		if err != nil {
			hidden++
			continue
		}
		if sees, err := p.sees(it); err != nil || !sees || len(lines) == reusesShown {
			hidden++
			continue
		}
		lines = append(lines, p.text("review.reused", "n", used[id], "unit", it.Unit.Name, "code", it.Task.Code, "title", p.title(it)))
	}
	if hidden > 0 {
		lines = append(lines, p.text("review.reused_hidden", "n", hidden))
	}
	return lines
}

// reusesShown is how many other items with the same file are named.
const reusesShown = 3
