// encoding/json there and back: reflection, maps, strings, small objects.
package main

import (
	"encoding/json"
	"strconv"
)

type record struct {
	Number int               `json:"number"`
	Title  string            `json:"title"`
	Labels []string          `json:"labels"`
	Weight float64           `json:"weight"`
	Extra  map[string]string `json:"extra,omitempty"`
	Parent *record           `json:"parent,omitempty"`
}

func main() {
	var records []record
	for i := range 300 {
		r := record{
			Number: i,
			Title:  "record " + strconv.Itoa(i),
			Labels: []string{"red", "green", "blue"},
			Weight: float64(i) / 8,
			Extra:  map[string]string{"key": strconv.Itoa(i * i), "other": "value"},
		}
		if i%3 == 0 {
			r.Parent = &record{Number: -i, Title: "parent"}
		}
		records = append(records, r)
	}
	total := 0
	for range 150 {
		text, err := json.Marshal(records)
		if err != nil {
			panic(err)
		}
		var back []record
		if err := json.Unmarshal(text, &back); err != nil {
			panic(err)
		}
		total += len(text) + len(back) + len(back[7].Extra["key"])
	}
	println(total)
}
