package testing

import (
	"flag"
	"fmt"
	"os"
	"time"
)

// The program of tests on a chip: it has the flags that decide which tests run and how, and neither profiles, coverage,
// fuzzing, a random order nor a list of numbers of processors.

// withBenchmarks is set by `tinygo test -bench`; without it, benchmarks are not in the program.
var withBenchmarks string

// Init defines the flags of tests.
func Init() {
	if initRan {
		return
	}
	initRan = true
	flag.Var(&chatty, "test.v", "print all tests as they run")
	short = flag.Bool("test.short", false, "be short")
	failFast = flag.Bool("test.failfast", false, "start no further tests after the first that fails")
	fullPath = flag.Bool("test.fullpath", false, "print whole paths")
	count = flag.Uint("test.count", 1, "run each test `n` times")
	parallel = flag.Int("test.parallel", 1, "run at most `n` tests at once")
	match = flag.String("test.run", "", "run the tests that match `regexp`")
	skip = flag.String("test.skip", "", "do not run the tests that match `regexp`")
	matchList = flag.String("test.list", "", "list the tests that match `regexp`")
	timeout = flag.Duration("test.timeout", 0, "panic after `duration`")

	// What files, profiles and fuzzing need, and other code looks at.
	for _, text := range []**string{
		&outputDir, &coverProfile, &gocoverdir, &memProfile, &cpuProfile, &blockProfile, &mutexProfile, &traceFile,
		&cpuListStr, &testlog, &shuffle, &matchFuzz, &fuzzCacheDir,
	} {
		*text = new(string)
	}
	for _, not := range []**bool{&artifacts, &panicOnExit0, &isFuzzWorker} {
		*not = new(bool)
	}
	for _, rate := range []**int{&memProfileRate, &blockProfileRate, &mutexProfileFraction} {
		*rate = new(int)
	}
	if withBenchmarks != "" {
		initBenchmarkFlags()
	} else {
		matchBenchmarks, benchmarkMemory = new(string), new(bool)
	}
}

// Run runs the tests and gives the status with which the program ends.
func (m *M) Run() int {
	m.numRun++
	if !flag.Parsed() {
		flag.Parse()
	}
	if chatty.json {
		os.Stderr = os.Stdout
	}
	matches := m.deps.MatchString
	if *matchList != "" {
		listTests(matches, m.tests, m.benchmarks, m.fuzzTargets, m.examples)
		return m.ends(0)
	}
	cpuList = []int{1}
	haveExamples = len(m.examples) > 0
	var deadline time.Time
	if *timeout > 0 {
		deadline = m.startAlarm()
	}
	tests, ok := runTests(m.deps.ModulePath(), m.deps.ImportPath(), matches, m.tests, deadline)
	fuzzTests, fuzzOk := runFuzzTests(m.deps, m.fuzzTargets, deadline)
	examples, examplesOk := runExamples(matches, m.examples)
	m.stopAlarm()
	if !tests && !fuzzTests && !examples && withBenchmarks == "" {
		fmt.Fprintln(os.Stderr, "testing: warning: no tests to run")
	}
	ok = ok && fuzzOk && examplesOk
	if ok && withBenchmarks != "" {
		ok = runBenchmarks(m.deps.ImportPath(), matches, m.benchmarks)
	}
	if !ok {
		fmt.Print(chatty.prefix(), "FAIL\n")
		return m.ends(1)
	}
	fmt.Print(chatty.prefix(), "PASS\n")
	return m.ends(0)
}

func (m *M) ends(code int) int {
	m.exitCode = code
	return code
}

func (m *M) before() {}
func (m *M) after()  {}

func parseCpuList() {}

func toOutputDir(path string) string { return path }

// runExample runs an example and compares what it prints. Go's copies that with buffers as large as the memory of a small
// chip.
func runExample(example InternalExample) (ok bool) {
	if chatty.on {
		fmt.Printf("%s=== RUN   %s\n", chatty.prefix(), example.Name)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	stdout := os.Stdout
	os.Stdout = writer
	printed := make(chan string)
	go func() {
		var all []byte
		var piece [128]byte
		for {
			n, err := reader.Read(piece[:])
			all = append(all, piece[:n]...)
			if err != nil {
				break
			}
		}
		reader.Close()
		printed <- string(all)
	}()
	finished := false
	start := time.Now()
	defer func() {
		took := time.Since(start)
		writer.Close()
		os.Stdout = stdout
		output := <-printed
		ok = example.processRunResult(output, took, finished, recover())
	}()
	example.F()
	finished = true
	return
}
