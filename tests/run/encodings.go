// The encodings: JSON, hex, base64, binary, XML, gob, CSV.
//
// run: host linux/386 linux/arm64 wasip1
// stress: wasip1
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/csv"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"os"
	"strings"
	"time"
)

type address struct {
	Street string `json:"street" xml:"street,attr"`
	Zip    *int   `json:"zip,omitempty" xml:"zip,omitempty"`
}

type person struct {
	XMLName xml.Name        `json:"-" xml:"person"`
	Name    string          `json:"name" xml:"name"`
	Age     uint8           `json:"age" xml:"age"`
	Score   float64         `json:"score" xml:"score"`
	Tags    []string        `json:"tags" xml:"tags>tag"`
	Home    address         `json:"home" xml:"home"`
	Extra   map[string]any  `json:"extra,omitempty" xml:"-"`
	Raw     json.RawMessage `json:"raw,omitempty" xml:"-"`
	When    time.Time       `json:"when" xml:"when"`
	private int
}

type level int

func (l level) MarshalText() ([]byte, error)  { return []byte(strings.Repeat("*", int(l))), nil }
func (l *level) UnmarshalText(b []byte) error { *l = level(len(b)); return nil }

func main() {
	zip := 12345
	p := person{Name: "Ann <&>", Age: 42, Score: 1.25e-3, Tags: []string{"a", "b"}, Home: address{"Main", &zip},
		Extra: map[string]any{"z": 1, "a": []int{1, 2}, "n": nil}, Raw: json.RawMessage(`{"k":1}`), When: time.Unix(1700000000, 0).UTC()}
	b, err := json.Marshal(p)
	println(string(b), err == nil)
	b, _ = json.MarshalIndent(map[level]any{2: p.Tags, 1: true}, "", "  ")
	println(string(b))
	var q person
	println(json.Unmarshal([]byte(`{"NAME":"Bob","age":7,"tags":["x"],"home":{"zip":9},"extra":{"f":1.5,"l":[1,"s",null,{}]},"when":"2020-01-02T03:04:05Z","unknown":[1]}`), &q) == nil)
	println(q.Name, q.Age, q.Tags[0], *q.Home.Zip, q.Extra["f"] == 1.5, len(q.Extra["l"].([]any)), q.When.Year())
	for _, bad := range []string{`{"age":300}`, `{"age":"x"}`, `[1,2`, `{"a" 1}`} {
		println(json.Unmarshal([]byte(bad), &q).Error())
	}
	var anything any
	dec := json.NewDecoder(strings.NewReader(`{"a":[1,2,{"b":null}]} "next" 3.5`))
	for dec.Decode(&anything) == nil {
		out, _ := json.Marshal(anything)
		println(string(out))
	}
	_, err = json.Marshal(make(chan int))
	println(err.Error())
	var levels map[level]level
	println(json.Unmarshal([]byte(`{"***":"**"}`), &levels) == nil, levels[3] == 2)

	println(hex.EncodeToString([]byte("hex\xff")), base64.StdEncoding.EncodeToString([]byte("base64!?")), base64.RawURLEncoding.EncodeToString([]byte{255, 254, 253}))
	raw, err := base64.StdEncoding.DecodeString("YWJj")
	println(string(raw), err == nil)
	print(hex.Dump([]byte("0123456789abcdefXYZ")))
	_, err = hex.DecodeString("zz")
	println(err.Error())

	var buf bytes.Buffer
	binary.Write(&buf, binary.BigEndian, struct {
		A uint16
		B int32
		C [2]uint8
	}{1, -2, [2]uint8{3, 4}})
	println(hex.EncodeToString(buf.Bytes()), binary.LittleEndian.Uint32([]byte{1, 2, 3, 4}), len(binary.AppendUvarint(nil, 300)))
	var back struct {
		A uint16
		B int32
	}
	binary.Read(&buf, binary.BigEndian, &back)
	println(back.A, back.B)

	b, err = xml.MarshalIndent(p, "", " ")
	println(string(b), err == nil)
	var xp person
	err = xml.Unmarshal([]byte(`<person><name>Xi</name><age>3</age><tags><tag>t1</tag><tag>t2</tag></tags><home street="S"/></person>`), &xp)
	println(err == nil, xp.Name, xp.Age, len(xp.Tags), xp.Home.Street)
	println(xml.Unmarshal([]byte(`<person><name></person>`), &xp).Error())

	buf.Reset()
	type tree struct {
		Left, Right *tree
		Value       int
		Names       map[string][]float64
	}
	println(gob.NewEncoder(&buf).Encode(&tree{&tree{nil, nil, 1, nil}, nil, 2, map[string][]float64{"x": {1, 2.5}}}) == nil)
	var got tree
	println(gob.NewDecoder(&buf).Decode(&got) == nil, got.Value, got.Left.Value, got.Right == nil, got.Names["x"][1] == 2.5)

	records, err := csv.NewReader(strings.NewReader("a,\"b,c\",d\n1,2,3\n")).ReadAll()
	println(len(records), records[0][1], err == nil)
	w := csv.NewWriter(os.Stderr)
	w.Write([]string{"q\"uote", "x y", ""})
	w.Flush()
}
