// Text: bufio, bytes, strings, sort, strconv, regexp, text/template, log, text/tabwriter, unicode.
//
// run: host wasip1
// exit: 2
package main

import (
	"bufio"
	"bytes"
	"errors"
	"html"
	"io"
	"log"
	"maps"
	"os"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"text/tabwriter"
	"text/template"
	"unicode"
)

type item struct {
	Name  string
	Price float64
	Sub   []item
}

func (i item) Total(n int) float64    { return i.Price * float64(n) }
func (i *item) Fail() (string, error) { return "", errors.New("failed") }
func (i item) Upper() string          { return strings.ToUpper(i.Name) }

func main() {
	s := bufio.NewScanner(strings.NewReader("first line\nsecond\n\nlast"))
	for s.Scan() {
		println(len(s.Text()), s.Text())
	}
	s = bufio.NewScanner(strings.NewReader("a bb  ccc"))
	s.Split(bufio.ScanWords)
	for s.Scan() {
		print(s.Text(), ";")
	}
	println()
	r := bufio.NewReaderSize(strings.NewReader("line one\nrest"), 16)
	line, err := r.ReadString('\n')
	c, _ := r.Peek(2)
	println(line, err == nil, string(c))
	_, err = r.ReadString('\n')
	println(err == io.EOF)
	w := bufio.NewWriter(os.Stderr)
	w.WriteString("buffered ")
	w.WriteRune('é')
	w.WriteByte('\n')
	w.Flush()

	println(strings.Fields(" a b  c ")[2], strings.Title("hello world"), strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, "aBc"), strings.EqualFold("Straße", "STRASSE"), strings.NewReplacer("a", "1", "b", "2").Replace("abc"))
	before, after, ok := strings.Cut("key=value", "=")
	println(before, after, ok, strings.Count("cheese", "e"), strings.LastIndex("go gopher", "go"), strings.TrimFunc("123abc456", unicode.IsDigit))
	println(bytes.Contains([]byte("seafood"), []byte("foo")), string(bytes.ToTitle([]byte("x"))), bytes.Compare([]byte("a"), []byte("b")))
	people := []item{{"z", 1, nil}, {"a", 3, nil}, {"m", 2, nil}}
	sort.Slice(people, func(i, j int) bool { return people[i].Price > people[j].Price })
	println(people[0].Name, people[2].Name)
	slices.SortFunc(people, func(a, b item) int { return strings.Compare(a.Name, b.Name) })
	println(people[0].Name, slices.Sorted(maps.Keys(map[string]int{"y": 1, "x": 2}))[0], sort.SearchInts([]int{1, 3, 5}, 4))
	f, err := strconv.ParseFloat("1e400", 64)
	println(f > 1e308, err.Error())
	_, err = strconv.Atoi("12a")
	println(err.Error(), strconv.Quote("\x00\u2028é\"\U0010ffff"), strconv.FormatInt(-255, 36))
	u, err := strconv.Unquote(`"a\tb\u00e9"`)
	println(u, err == nil, html.EscapeString("<a&b>"), html.UnescapeString("&lt;&eacute;&#65;"))

	re := regexp.MustCompile(`(?i)(\w+)@(?P<host>[a-z]+)\.(com|org)`)
	text := "mail Bob@Example.com and ann@site.org now"
	println(re.FindString(text), len(re.FindAllString(text, -1)), re.ReplaceAllString(text, "${host}:$1"))
	m := re.FindStringSubmatchIndex(text)
	println(len(m), m[0], m[1], re.SubexpNames()[2], re.NumSubexp(), re.MatchString("none"))
	println(regexp.MustCompile(`a+?b*`).FindString("aaabb"), regexp.MustCompile(`^\p{Greek}+$`).MatchString("αβγ"))
	_, err = regexp.Compile(`a(b`)
	println(err.Error())

	t := template.Must(template.New("t").Funcs(template.FuncMap{"join": strings.Join, "inc": func(i int) int { return i + 1 }}).Parse(
		`{{define "sub"}}[{{.Name}}:{{printf "%.2f" .Price}}]{{end}}{{with $x := .Title}}Title {{$x | printf "%q"}}{{end}}
{{range $i, $e := .Items}}{{inc $i}}. {{template "sub" $e}} {{$e.Total 3}} {{.Upper}}{{if gt .Price 2.0}} dear{{else if eq .Name "b"}} b{{else}} cheap{{end}}
{{else}}none{{end}}{{len .Items}} {{index .Map "k"}} {{join .Words ", "}} {{and true .Title}} {{not false}} {{.Func 4}}{{/* gone */}}
{{- range $k, $v := .Map}} {{$k}}={{$v}}{{end}} {{slice "abcdef" 1 3}} {{html "<b>"}} {{range 3}}{{.}}{{end}}
`))
	err = t.Execute(os.Stderr, map[string]any{"Title": "T", "Items": []item{{"a", 1.5, nil}, {"b", 2, nil}, {"c", 9, nil}},
		"Map": map[string]int{"k": 5, "j": 6}, "Words": []string{"x", "y"}, "Func": func(n int) string { return strconv.Itoa(n * n) }})
	println(err == nil)
	err = template.Must(template.New("e").Parse(`{{.Fail}}`)).Execute(io.Discard, &item{})
	println(err.Error())
	err = template.Must(template.New("e").Parse(`{{.Missing}}`)).Execute(io.Discard, item{})
	println(err.Error())
	_, err = template.New("e").Parse(`{{if}}`)
	println(err.Error())

	logger := log.New(os.Stderr, "app: ", log.Lmsgprefix)
	logger.Printf("count %d", 3)
	log.SetFlags(0)
	log.Print("plain")
	tw := tabwriter.NewWriter(os.Stderr, 0, 8, 1, ' ', tabwriter.AlignRight|tabwriter.Debug)
	tw.Write([]byte("a\tbbb\tc\naaaa\tb\tccccc\n"))
	tw.Flush()
	defer println("deferred")
	log.Panicf("stop %v", 1)
}
