package bot

import (
	"errors"
	"strconv"
	"strings"
)

// call is what a button carries: a verb, the id of its subject, and a small argument. It is chosen by the client and proves nothing; the
// right is checked by the verb, in the transaction of the effect.
type call struct {
	verb string
	id   int64
	arg  string
}

// maxCall is what Telegram allows for the data of a button, in bytes.
const maxCall = 64

var errBadCall = errors.New("unreadable button")

func parseCall(data string) (call, error) {
	parts := strings.SplitN(data, ":", 3)
	if len(data) > maxCall || len(parts) < 2 {
		return call{}, errBadCall
	}
	id, err := strconv.ParseInt(parts[1], 36, 64)
	if err != nil {
		return call{}, errBadCall
	}
	c := call{verb: parts[0], id: id}
	if len(parts) == 3 {
		c.arg = parts[2]
	}
	return c, nil
}

func (c call) String() string {
	s := c.verb + ":" + strconv.FormatInt(c.id, 36)
	if c.arg != "" {
		s += ":" + c.arg
	}
	return s
}

// button makes a button with the words of the catalogue.
func button(label, verb string, id int64, arg ...string) Button {
	c := call{verb: verb, id: id}
	if len(arg) > 0 {
		c.arg = arg[0]
	}
	return Button{Label: label, Data: c.String()}
}

// rows puts buttons under each other, so many in a row.
func rows(perRow int, buttons ...Button) Keyboard {
	var k Keyboard
	for len(buttons) > 0 {
		n := min(perRow, len(buttons))
		k = append(k, buttons[:n])
		buttons = buttons[n:]
	}
	return k
}
