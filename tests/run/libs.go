// Compression, hashes, ciphers, archives, big numbers, contexts, Go's own parser, embedded files.
//
// run: host
// opt: z
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"container/heap"
	"container/list"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"hash/crc32"
	"hash/fnv"
	"io"
	"math"
	"math/big"
	"math/cmplx"
	"math/rand"
	"strings"
	"sync"
	"time"
)

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any          { last := (*h)[len(*h)-1]; *h = (*h)[:len(*h)-1]; return last }

func main() {
	text := strings.Repeat("compress me, ", 1000)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	println(b.Len() < 200)
	zr, err := gzip.NewReader(&b)
	out, err2 := io.ReadAll(zr)
	println(err == nil, err2 == nil, string(out) == text)
	zw := zlib.NewWriter(&b)
	zw.Write([]byte("zlib"))
	zw.Close()
	zr2, _ := zlib.NewReader(&b)
	out, _ = io.ReadAll(zr2)
	println(string(out))

	println(hex.EncodeToString(md5.New().Sum(nil)))
	s1, s2, s5 := sha1.Sum([]byte("abc")), sha256.Sum256([]byte("abc")), sha512.Sum512([]byte("abc"))
	println(hex.EncodeToString(s1[:]), hex.EncodeToString(s2[:]), hex.EncodeToString(s5[:8]))
	mac := hmac.New(sha256.New, []byte("key"))
	mac.Write([]byte("message"))
	println(hex.EncodeToString(mac.Sum(nil)))
	block, _ := aes.NewCipher([]byte("0123456789abcdef"))
	gcm, _ := cipher.NewGCM(block)
	sealed := gcm.Seal(nil, make([]byte, 12), []byte("secret"), []byte("extra"))
	opened, err := gcm.Open(nil, make([]byte, 12), sealed, []byte("extra"))
	println(hex.EncodeToString(sealed), string(opened), err == nil)
	h := fnv.New64a()
	h.Write([]byte("fnv"))
	println(crc32.ChecksumIEEE([]byte("crc")), crc32.Checksum([]byte("crc"), crc32.MakeTable(crc32.Castagnoli)), h.Sum64())

	b.Reset()
	zipw := zip.NewWriter(&b)
	w, _ := zipw.Create("dir/file.txt")
	io.WriteString(w, text)
	zipw.Close()
	zipr, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	rc, _ := zipr.File[0].Open()
	out, _ = io.ReadAll(rc)
	println(err == nil, zipr.File[0].Name, len(out))
	b.Reset()
	tw := tar.NewWriter(&b)
	tw.WriteHeader(&tar.Header{Name: "t", Mode: 0o600, Size: 3})
	tw.Write([]byte("tar"))
	tw.Close()
	hd, err := tar.NewReader(&b).Next()
	println(hd.Name, hd.Size, err == nil)

	f := new(big.Int).MulRange(1, 60)
	q, m := new(big.Int).DivMod(f, big.NewInt(1000003), new(big.Int))
	println(f.String(), q.BitLen(), m.String(), new(big.Int).Exp(big.NewInt(3), big.NewInt(200), big.NewInt(1000007)).String())
	println(new(big.Rat).SetFrac64(6, 4).String(), big.NewInt(97).ProbablyPrime(10), new(big.Float).SetPrec(100).Quo(big.NewFloat(1), big.NewFloat(3)).Text('g', 25))
	println(math.Sin(1), math.Exp(2.5), math.Pow(2, 0.5), math.Log1p(0.1), math.Gamma(5.5), math.Hypot(3, 4), math.Floor(-1.5), math.Mod(7, -3), cmplx.Abs(cmplx.Exp(1i)) > 0.99)
	println(rand.New(rand.NewSource(1)).Intn(1000), rand.New(rand.NewSource(2)).Perm(5)[0])

	ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), "k", "v"), 20*time.Millisecond)
	var wg sync.WaitGroup
	wg.Go(func() { <-ctx.Done() })
	wg.Wait()
	println(ctx.Err().Error(), ctx.Value("k").(string), errors.Is(ctx.Err(), context.DeadlineExceeded))
	cancel()
	cctx, stop := context.WithCancelCause(context.Background())
	stop(errors.New("cause"))
	println(cctx.Err().Error(), context.Cause(cctx).Error())

	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", "package x\nfunc  f(a,b int)int{return a+b*2}", parser.ParseComments)
	names := 0
	ast.Inspect(file, func(n ast.Node) bool {
		if _, ok := n.(*ast.Ident); ok {
			names++
		}
		return true
	})
	src, _ := format.Source([]byte("package x\nfunc  f(a,b int)int{return a+b*2}"))
	println(err == nil, names, string(src))
	_, err = parser.ParseFile(fset, "y.go", "package y\nfunc {", 0)
	println(err.Error())

	hp := &ints{5, 2, 8}
	heap.Init(hp)
	heap.Push(hp, 1)
	println(heap.Pop(hp).(int), heap.Pop(hp).(int))
	l := list.New()
	l.PushBack(1)
	l.PushFront(0)
	println(l.Len(), l.Front().Value.(int))
	d, _ := time.ParseDuration("1h15m30.5s")
	t, err := time.Parse(time.RFC1123, "Mon, 02 Jan 2006 15:04:05 MST")
	println(d.String(), t.Unix(), t.Add(d).Format(time.Kitchen), t.Weekday().String(), t.YearDay(), err == nil)
	var once sync.Once
	once.Do(func() { println("once") })
	var pool = sync.Pool{New: func() any { return "new" }}
	println(pool.Get().(string))
	var sm sync.Map
	sm.Store("a", 1)
	got, loaded := sm.LoadOrStore("a", 2)
	println(got.(int), loaded)
}
