// Templates: functions, methods, variables, nested definitions, errors.
//
// run: host wasip1
// opt: z
package main

import (
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"text/template"
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
	t := template.Must(template.New("t").Funcs(template.FuncMap{"join": strings.Join, "inc": func(i int) int { return i + 1 }}).Parse(
		`{{define "sub"}}[{{.Name}}:{{printf "%.2f" .Price}}]{{end}}{{with $x := .Title}}Title {{$x | printf "%q"}}{{end}}
{{range $i, $e := .Items}}{{inc $i}}. {{template "sub" $e}} {{$e.Total 3}} {{.Upper}}{{if gt .Price 2.0}} dear{{else if eq .Name "b"}} b{{else}} cheap{{end}}
{{else}}none{{end}}{{len .Items}} {{index .Map "k"}} {{join .Words ", "}} {{and true .Title}} {{not false}} {{.Func 4}}{{/* gone */}}
{{- range $k, $v := .Map}} {{$k}}={{$v}}{{end}} {{slice "abcdef" 1 3}} {{html "<b>"}} {{range 3}}{{.}}{{end}}
`))
	err := t.Execute(os.Stderr, map[string]any{"Title": "T", "Items": []item{{"a", 1.5, nil}, {"b", 2, nil}, {"c", 9, nil}},
		"Map": map[string]int{"k": 5, "j": 6}, "Words": []string{"x", "y"}, "Func": func(n int) string { return strconv.Itoa(n * n) }})
	println(err == nil)
	err = template.Must(template.New("e").Parse(`{{.Fail}}`)).Execute(io.Discard, &item{})
	println(err.Error())
	err = template.Must(template.New("e").Parse(`{{.Missing}}`)).Execute(io.Discard, item{})
	println(err.Error())
	_, err = template.New("e").Parse(`{{if}}`)
	println(err.Error())

}
