# The few commands people type. `just` lists them.

default:
    @just --list

# All checks of the gate.
ci:
    .ci/run

# All tests.
test:
    cargo test --locked

# Audit a real fixture.
audit:
    cargo run --quiet --locked -- audit fixtures/shanxi-2024-batch-1/late-mailing.yaml

# Accept changed snapshots after reading them.
accept:
    INSTA_UPDATE=always cargo test --locked

# The page for auditors, one file to open by double-click: 抽查审查.html. Once needs `rustup target add wasm32-wasip1`.
page:
    cargo build --locked --target wasm32-wasip1 --profile page --bin choucha
    cargo run --quiet --locked -p choucha-page -- target/wasm32-wasip1/page/choucha.wasm 抽查审查.html

# Tests the page in a real browser (Debian's chromium), and checks the types of its scripts.
page-test: page
    cd page/tests && npm ci --no-audit --no-fund && npm run types && npm test

# The benchmarks behind docs/performance.md.
bench:
    cargo bench --locked

# Twenty duties here and in Rego on regorus: compares verdicts and times (a separate release build).
peers:
    cargo run --release --locked --manifest-path benches/peers/Cargo.toml

# Only checks that this crate compiles and the verdicts agree.
peers-check:
    cargo run --locked --manifest-path benches/peers/Cargo.toml -- --check
