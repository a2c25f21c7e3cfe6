package work

import "encoding/json"

// toJSON writes the data of a notice. Its types are ours and always have a JSON form.
func toJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}
