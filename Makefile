# Tools run by version, so that a clean machine needs only Go.
STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK = go run golang.org/x/vuln/cmd/govulncheck@v1.9.0
VULNDB      = https://vuln.go.dev/index/db.json
VERSION    ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
# The second leaves out what writes manual pages, which nothing here asks for: 0.3 ms of every start.
GOFLAGS    += -trimpath -tags=urfave_cli_no_docs
PROGRAM    ?= arclint

# The lab: real ARC CEs in chroots (internal/lab). COUNT is in cases, a site on a release each.
SEED       ?= $(shell date +%s)
COUNT      ?= 60
CHAINS     ?= 5000
ROUNDS     ?= 2000
SCRIPTS    ?=
LAB         = go test -tags lab -count=1 -timeout 60m -parallel 3 -v ./internal/lab

.PHONY: help build demo test race chains mutants lint vuln attack attack-programs attack-ci fuzz lab-fuzz golden docs generate bench bench-growth bench-readers cover check clean lab lab-random lab-checks lab-access lab-defects lab-clean

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: go-version
go-version:
	@go version | awk '{ sub("go", "", $$3); split($$3, v, "."); if (v[1] == 1 && v[2] < 21) { \
	  print "go " $$3 " is too old: Go 1.21 or later is needed (it fetches the toolchain that go.mod names by itself); get one from https://go.dev/dl"; exit 1 } }'

build: go-version ## build the static binary ./arclint
	CGO_ENABLED=0 go build $(GOFLAGS) -ldflags "-X main.version=$(VERSION)" -o $(PROGRAM) ./cmd/arclint

demo: build ## run check, trust and recipe on the DUNE example inside the binary
	@echo '$$ arclint check --example dune'; ./arclint check --example dune; test $$? -eq 1
	@echo; echo '$$ arclint trust --example dune'; ./arclint trust --example dune
	@echo; echo '$$ arclint recipe --example dune --format text'; ./arclint recipe --example dune --format text

test: go-version ## run all tests, and list those that were skipped; with CI=true a skip fails
	go run ./internal/gotest ./...

race: ## run all tests with the race detector
	go test -race -timeout 30m ./...

lint: ## format, vet, staticcheck
	@test -z "$$(gofmt -l cmd lint recipes fixtures internal docs)" || { gofmt -l cmd lint recipes fixtures internal docs; echo 'not formatted, run: gofmt -w on these'; exit 1; }
	go vet -tags lab ./...
	$(STATICCHECK) -tags lab ./...

vuln: ## known vulnerabilities, where the database can be reached
	@if curl -fsS -m 10 -o /dev/null $(VULNDB); then $(GOVULNCHECK) ./...; else echo 'govulncheck: not run, its database cannot be reached from here'; fi

chains: ## compare CHAINS random chains with openssl verify, and list the code that they do not reach
	@out=$$(go test -count=1 -timeout 30m -run '^TestRandomChains$$' -v ./internal/openssl -chains $(CHAINS) -seed 1 -coverprofile=chains.out 2>&1); \
	  status=$$?; echo "$$out" | grep -v '^ *\(=== \|--- PASS\)'; exit $$status
	go test -count=1 -run '^TestBranches$$' -v ./internal/openssl -branches $(CURDIR)/chains.out

mutants: COUNT = 20000
mutants: CRL_COUNT = 6000
mutants: SEED = 1
mutants: ## compare COUNT certificates and CRL_COUNT CRLs that are nearly right with openssl verify
	@out=$$(go test -count=1 -timeout 30m -run '^(TestMutants|TestMutantLists|TestKinds)$$' -v ./internal/openssl -mutants $(COUNT) -crl-mutants $(CRL_COUNT) -seed $(SEED) 2>&1); \
	  status=$$?; echo "$$out" | grep -v '^ *\(=== \|--- PASS\)'; exit $$status

# One recipe after the other may be attacked: make attack SCRIPTS=upgrade.
attack: ## interrupt every script at every change that it makes, and act ROUNDS times beside an adversary (root, an hour)
	@out=$$(go test -count=1 -timeout 180m -run '^(TestInterrupted/$(SCRIPTS)|TestAdversary)' -v ./recipes -every-fault -rounds $(ROUNDS) 2>&1); \
	  status=$$?; echo "$$out" | grep -v '^ *\(=== \|--- PASS\)'; exit $$status

attack-programs: ## let an adversary at the programs of timers for ROUNDS runs, and fail each call (root, an hour)
	CI=true go test -count=1 -timeout 180m -run 'BesideAdversary|RefuseDirectories|Faults$$|TestUnits|Sync' ./recipes -program-rounds $(ROUNDS) -v | grep -v '^ *\(=== \|--- PASS\)'

attack-ci: ## an adversary beside scripts and programs, for a quarter of the rounds (root)
	CI=true go test -count=1 -timeout 30m -run '^TestAdversary|BesideAdversary' ./recipes -rounds 500 -program-rounds 500

# An input that finds new code is kept as it is: to make it smaller, which is the
# default, takes up to a minute for each of them, and nothing is fuzzed meanwhile.
FUZZTIME   ?= 100s
FUZZ        = -run '^$$' -fuzztime $(FUZZTIME) -fuzzminimizetime 1x

fuzz: ## fuzz every reader in turns, FUZZTIME each (an hour in all)
	@for pkg in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; go test $(FUZZ) -fuzz "^$$f$$" $$pkg || exit 1; \
	  done; \
	done

lab-fuzz: ## let ARC's own reader of arc.conf read what a fuzzer makes, for FUZZTIME
	go test -tags lab $(FUZZ) -fuzz '^FuzzReading$$' ./internal/lab

golden: ## rewrite the golden files and show what changed
	UPDATE=1 go test ./...
	git --no-pager diff --stat

docs: build ## rewrite the generated documents and the outputs in README and docs
	./arclint rules --format markdown > docs/rules.md
	./arclint releases --format markdown > docs/releases.md
	UPDATE=1 go test -count=1 -run Readme ./cmd/arclint
	UPDATE=1 go test -count=1 -run ImpactPage ./lint/catalog

generate: ## rewrite the generated tables (see the package comments of the gen programs)
	go generate ./...

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

bench-growth: ## how the cost of an answer grows from 1,000 to 64,000 rules, shape by shape
	go test -run '^$$' -bench Growth -benchtime 1x -timeout 6h ./cmd/arclint

bench-readers: ## what a check of each reader's worst file costs, from 64 KiB to its limit
	go test -run '^$$' -bench Readers -benchtime 1x -timeout 60m ./cmd/arclint

cover: ## coverage of all packages
	go test -coverprofile=cover.out ./... && go tool cover -func=cover.out | tail -1

check: lint vuln race docs ## everything that CI checks
	git diff --exit-code

lab: go-version ## ask real ARC CEs in chroots whether arclint is right (root, Debian, mmdebstrap)
	$(LAB) -skip '^TestDefects$$' -seed $(SEED) -worlds $$(( ($(COUNT) + 2) / 3 ))

lab-random: go-version ## ask them about COUNT random cases of SEED
	$(LAB) -run '^TestRandom$$' -seed $(SEED) -worlds $$(( ($(COUNT) + 2) / 3 ))

lab-checks: go-version ## let ARC's own checks judge COUNT spoilt configurations of SEED on each release
	$(LAB) -run '^TestChecks$$' -checks-seed $(SEED) -mutations $(COUNT)

lab-access: go-version ## let COUNT visitors of SEED on each release ask who gets in
	$(LAB) -run '^TestAccess$$' -access-seed $(SEED) -pairs $(COUNT)

lab-defects: go-version ## say which defects of ARC itself each release has
	$(LAB) -run '^TestDefects$$'

lab-clean: ## remove the chroots
	rm -rf .lab

clean: ## remove what was built
	rm -f arclint cover.out
