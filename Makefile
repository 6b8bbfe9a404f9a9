# Every command of a developer or an operator; one line each. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
ALI := .venv/bin/ali
PORT ?= 8000
PEOPLE ?=

.PHONY: help env env-dev demo demo-reset test quick check format lint types imports templates migrations messages docs \
        test-unit test-postgres journeys bench bench-matching vendor lock

help:            ## Questo elenco
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {sub(/[ \t]+$$/, "", $$1); printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
env:             ## Prepara .venv con il comando .venv/bin/ali
	@tools/env run
env-dev:         ## Come env, con gli strumenti di sviluppo
	@tools/env dev
demo: env        ## Dimostrazione su http://127.0.0.1:8000 (PORT=, PEOPLE=)
	@exec $(ALI) demo --port $(PORT) $(if $(PEOPLE),--people $(PEOPLE))
demo-reset: env  ## Ricomincia la dimostrazione da oggi (PORT=, PEOPLE=)
	@exec $(ALI) demo --reset --port $(PORT) $(if $(PEOPLE),--people $(PEOPLE))
test:            ## Tutta la verifica, dalla più economica, come in CI
	@tools/test all
quick:           ## Formato, lint, importazioni, prove senza base dati: prima di ogni commit
	@tools/test quick
check:           ## quick più tipi, modelli di pagina, migrazioni, cataloghi, documenti
	@tools/test check
format: env-dev  ## Riscrive il codice nel formato del progetto
	@.venv/bin/ruff format src tests tools && .venv/bin/ruff check --fix src tests tools
lint:            ## Formato e lint
	@tools/test format lint
types:           ## mypy --strict
	@tools/test types
imports:         ## Contratti fra gli strati
	@tools/test imports
templates:       ## djlint sui modelli di pagina
	@tools/test templates
migrations:      ## Controlli di Django e migrazioni mancanti
	@tools/test django
messages: env-dev ## Estrae e compila i cataloghi di traduzione
	@.venv/bin/python tools/messages.py update
docs: env-dev    ## Rigenera docs/reference/
	@.venv/bin/python tools/docs.py write
test-unit:       ## Prove di regole, unità, servizi e pagine su SQLite
	@tools/test sqlite
test-postgres:   ## Le stesse prove su un PostgreSQL temporaneo
	@tools/test postgres
journeys:        ## Percorsi nel browser, con axe
	@tools/test journeys
bench: env-dev   ## Misure di velocità: scrive var/bench/table.md
	@tools/bench
bench-matching: env-dev ## Misure del motore di abbinamento, riprese da dove erano (ROWS="whole-S joint-XS", tutte se manca)
	@tools/bench matching
vendor: env-dev  ## Aggiorna i pochi file di terzi che serviamo (serve npm)
	@.venv/bin/python tools/vendor.py
lock: env-dev    ## Ricompila requirements/*.txt con gli hash
	@tools/lock
