// Text: bufio, bytes, strings, sort, strconv, regexp, log, text/tabwriter, unicode.
//
// run: host wasip1
// exit: 2
package main

import (
	"bufio"
	"bytes"
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
	"unicode"
)

type item struct {
	Name  string
	Price float64
}

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
	people := []item{{"z", 1}, {"a", 3}, {"m", 2}}
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
