# The two commands a newcomer needs are "make sandbox" and "make test". deploy/need.sh fetches what they lack.

ARGS  ?=
FLAGS ?=
PKG   ?= ./...

TOOL := go tool -modfile=.ci/tools/go.mod

.DEFAULT_GOAL := help
.PHONY: help sandbox test check mutate

help: ## what can be made (this list)
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

# The program is made under a name of its own and then moved, so that another copy may be starting at the same moment,
# and it takes the shell's place, so that Ctrl-C and kill reach it.
sandbox: ## try Luotsi: starts a private PostgreSQL and prints the page's address (ARGS="--help" for its options)
	@deploy/need.sh go postgresql
	@echo "Building Luotsi (the first time takes a minute or two) ..."
	@mkdir -p .build && go build -buildvcs=false -o .build/luotsi.$$$$ ./cmd/luotsi && \
		mv -f .build/luotsi.$$$$ .build/luotsi && exec .build/luotsi sandbox $(ARGS)

test: ## run all tests, also those in a real PostgreSQL and a real browser (FLAGS="-race -run Consent" PKG=./store/...)
	@deploy/need.sh go postgresql chromium $(if $(findstring -race,$(FLAGS)),compiler)
	@echo "Building and running the tests (the first time takes some minutes) ..."
	@go test $(FLAGS) $(PKG)

check: ## check format and code without running it (gofumpt, go vet, staticcheck)
	@deploy/need.sh go
	@echo "Checking the format (gofumpt) ..."
	@files=$$($(TOOL) gofumpt -l .) || exit 1; \
		if [ -n "$$files" ]; then echo "Not formatted as gofumpt does; run: $(TOOL) gofumpt -w ." $$files; exit 1; fi
	@echo "Checking the code (go vet) ..."
	@go vet ./...
	@echo "Checking the code (staticcheck) ..."
	@$(TOOL) staticcheck ./...

# Not part of "make test": it runs the tests once for every rule.
mutate: ## break the rules one at a time and show which test notices (ARGS="holidays" for the rules with that word)
	@deploy/need.sh go postgresql
	@echo "Breaking the rules one at a time (some minutes) ..."
	@go run ./.ci/mutate $(ARGS)
