#!/bin/bash
# go.sh: Go, whose programs are static and see no fake clock.
# Debian: golang-go golang-github-sirupsen-logrus-dev golang-go.uber-zap-dev
# golang-k8s-klog-dev.
. "${0%/*}/lib.sh"
export REAL_CLOCK=1 HOME=/home/app GOFLAGS=-trimpath GO111MODULE=off

file go/job.go <<'E'
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

type order struct{ customer *customer }
type customer struct{ name string }

func (o *order) label() string  { return o.customer.name }
func (o *order) header() string { return o.customer.name }
func pick(v []int, i int) int   { return v[i] }

func main() {
	rand.Seed(time.Now().UnixNano())
	arg := ""
	if len(os.Args) > 2 {
		arg = os.Args[2]
	}
	n := 1 + rand.Intn(5)
	for i := 0; i < n; i++ {
		log.Printf("page %d took %v", i, time.Duration(rand.Intn(1e9)))
	}
	// Others that wait: how many is another number each time.
	for i := 0; i < n; i++ {
		go func() { select {} }()
	}
	time.Sleep(10 * time.Millisecond)
	switch os.Args[1] {
	case "nil":
		(&order{}).label()
	case "nil2":
		(&order{}).header()
	case "index":
		pick(make([]int, 3), 5)
	case "map":
		var m map[string]int
		m["a"] = 1
	case "panic":
		panic("unknown tariff " + arg)
	case "error":
		panic(fmt.Errorf("store %q failed: %w", arg, os.ErrPermission))
	case "errorf":
		panic(fmt.Errorf("store %q failed: %w", arg, os.ErrNotExist))
	case "repanic":
		defer func() {
			r := recover()
			panic(fmt.Sprint("cleanup after ", r))
		}()
		panic("unknown tariff " + arg)
	case "fatal":
		log.Fatalf("cannot reach store %q: %v", arg, errors.New("no route"))
	case "prefix":
		log.SetFlags(log.LstdFlags | log.Lmicroseconds | log.Lshortfile)
		log.SetPrefix("shop: ")
		log.Fatalf("cannot reach store %q", arg)
	case "open":
		_, err := os.Open(arg)
		log.Fatal(err)
	case "atoi":
		_, err := strconv.Atoi("x")
		log.Fatal(err)
	case "get":
		_, err := http.Get("http://localhost:" + arg + "/stock")
		log.Fatal(err)
	case "dial":
		_, err := net.Dial("tcp", "db.shop.invalid:5432")
		log.Fatal(err)
	case "deadline":
		ctx, stop := context.WithTimeout(context.Background(), time.Millisecond)
		defer stop()
		<-ctx.Done()
		fmt.Fprintln(os.Stderr, "Error: sync:", ctx.Err())
		os.Exit(1)
	case "json":
		var v struct{ A int }
		log.Fatal(json.Unmarshal([]byte(`{"A": "x"}`), &v))
	case "json2":
		var v struct{ A int }
		log.Fatal(json.Unmarshal([]byte(`{"A": 1`), &v))
	case "deadlock":
		var mu sync.Mutex
		n = 0
		mu.Lock()
		mu.Lock()
	case "mapwrite":
		m := map[int]int{}
		for i := 0; i < 4; i++ {
			go func() {
				for {
					m[1]++
				}
			}()
		}
		time.Sleep(5 * time.Second)
	case "goroutine":
		go func() { pick(nil, 1) }()
		time.Sleep(time.Second)
	case "stack":
		var f func(int) int
		f = func(i int) int { return f(i+1) + 1 }
		f(0)
	case "flag":
		flag.Int("rows", 0, "rows")
		os.Args = append(os.Args[:1], os.Args[2:]...)
		flag.Parse()
	case "divide":
		fmt.Println(1 / (n - n))
	case "assert":
		var v any = arg
		fmt.Println(v.(int))
	case "closed":
		c := make(chan int)
		close(c)
		close(c)
	}
}
E
file go/dead.go <<'E'
package main

import (
	"log"
	"os"
	"sync"
)

func main() {
	log.Printf("pid %d", os.Getpid())
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Wait()
}
E
export GOCACHE=/tmp/gocache
(cd "$ROOT/go" && go build -o job job.go && go build -o dead dead.go)
G() { failure "go-$1" "${@:2:1}" -- go/job "${@:3}"; }
G nil.label "runtime error: invalid memory address or nil pointer dereference" nil
G nil.header "runtime error: invalid memory address or nil pointer dereference" nil2
G bounds.index "runtime error: index out of range [5] with length 3" index
G bounds.goroutine "runtime error: index out of range [1] with length 0" goroutine
G map "assignment to entry in nil map" map
G panic.b2 "unknown tariff B2" panic B2
G panic.c1 "unknown tariff C1" panic C1
failure go-repanic "cleanup after unknown tariff B2" "unknown tariff B2 [recovered]" "unknown tariff B2" -- go/job repanic B2
failure go-wrapped.perm 'store "north" failed: permission denied' '&fmt.wrapError{<*>' -- go/job error north
failure go-wrapped.exist 'store "north" failed: file does not exist' '&fmt.wrapError{<*>' -- go/job errorf north
G fatal.north 'cannot reach store "north": no route' fatal north
G fatal.south 'cannot reach store "south": no route' fatal south
failure go-prefix 'cannot reach store "north"' 'job.go:<*>: cannot reach store "north"' 'shop: cannot reach store "north"' 'shop: <*> job.go:<*>: cannot reach store "north"' -- go/job prefix north
G open.enoent "open /srv/app/in/x: no such file or directory" open /srv/app/in/x
AS=1500 G open.eacces "open /srv/app/locked/x: permission denied" open /srv/app/locked/x
G atoi 'strconv.Atoi: parsing "x": invalid syntax' atoi
G http.8071 'Get "http://localhost:8071/stock": dial tcp <*>:8071: connect: connection refused' get 8071
G http.8072 'Get "http://localhost:8072/stock": dial tcp <*>:8072: connect: connection refused' get 8072
failure go-deadline "sync: context deadline exceeded" "Error: sync: context deadline exceeded" -- go/job deadline
G json.type "json: cannot unmarshal string into Go struct field .A of type int" json
G json.eof "unexpected end of JSON input" json2
failure go-deadlock "fatal error: all goroutines are asleep - deadlock!" "all goroutines are asleep - deadlock!" -- go/dead
failure go-stack "fatal error: stack overflow" "stack overflow" "runtime: goroutine stack exceeds 1000000000-byte limit" -- go/job stack
G flag "invalid value \"x\" for flag -rows: parse error" flag -rows x
G divide "runtime error: integer divide by zero" divide
G assert "interface conversion: interface {} is string, not int" assert x
G closed "close of closed channel" closed

file go/loggers/log.go <<'E'
package main

import (
	"errors"
	"math/rand"
	"os"
	"time"

	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"k8s.io/klog"
)

func main() {
	rand.Seed(time.Now().UnixNano())
	err := errors.New(os.Args[2])
	n := 1 + rand.Intn(5)
	switch os.Args[1] {
	case "zap":
		log, _ := zap.NewProduction()
		for i := 0; i < n; i++ {
			log.Info("sent messages", zap.Int("count", rand.Intn(900)))
		}
		log.Error("cannot deliver", zap.Error(err), zap.Int("pid", os.Getpid()))
	case "zapdev":
		log, _ := zap.NewDevelopment()
		for i := 0; i < n; i++ {
			log.Warn("slow peer", zap.Int("ms", rand.Intn(900)))
		}
		log.Fatal("cannot deliver", zap.Error(err))
	case "logrus":
		for i := 0; i < n; i++ {
			logrus.Infof("sent %d messages", rand.Intn(900))
		}
		logrus.WithError(err).WithField("attempt", rand.Intn(9)).Error("cannot deliver")
	case "logrusjson":
		logrus.SetFormatter(&logrus.JSONFormatter{})
		for i := 0; i < n; i++ {
			logrus.Infof("sent %d messages", rand.Intn(900))
		}
		logrus.WithError(err).Fatal("cannot deliver")
	case "klog":
		for i := 0; i < n; i++ {
			klog.Infof("sent %d messages", rand.Intn(900))
		}
		klog.Fatalf("cannot deliver: %v", err)
		klog.Flush()
	case "klogf":
		for i := 0; i < n; i++ {
			klog.Warningf("slow peer, %d ms", rand.Intn(900))
		}
		klog.Errorf("cannot deliver: %v", err)
		klog.Flush()
	}
	os.Exit(1)
}
E
(cd "$ROOT/go/loggers" && GOPATH=/usr/share/gocode go build -o ../log.bin log.go)
for k in zap zapdev logrus logrusjson klog klogf; do
	for e in refused reset; do
		failure go-$k.$e "cannot deliver" "cannot deliver: connection $e" "\"cannot deliver\" err=\"connection $e\" attempt=<*>" "cannot deliver {\"error\": \"connection $e\"}" -- go/log.bin $k "'connection $e'"
	done
done
file go/bad/bad.go <<'E'
package main

func main() {
	rows := tariff(3)
}
E
failure go-build './bad.go:4:2: rows declared and not used' './bad.go:4:10: undefined: tariff' './bad.go:4:2: rows declared but not used' './bad.go:4:10: undeclared name: tariff' "go/bad/bad.go:4:10: undefined: tariff" "go/bad/bad.go:4:2: rows declared and not used" "go/bad/bad.go:4:2: rows declared but not used" "undefined: tariff" -- bin/iso env GOCACHE=/tmp/gocache GO111MODULE=off go build -o /tmp/none.bin go/bad/bad.go
failure go-module 'cannot find package "shop/tariff" in any of:' "go: cannot find main module, but found .git/config in /srv/app" "go: go.mod file not found in current directory or any parent directory; see 'go help modules'" "package shop/tariff is not in GOROOT (/usr/lib/go-1.19/src/shop/tariff)" -- bin/iso env GOCACHE=/tmp/gocache GO111MODULE=on go build shop/tariff
