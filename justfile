# Short names for the commands of CONTRIBUTING. `cargo dev` does the work.

# Start everything and run the loop once
up *args:
    cargo dev up {{args}}

# Every test, on a private Postgres and NATS
test *args:
    cargo dev test {{args}}

# Format, clippy, proto lint, regenerating changes nothing
check:
    cargo dev check

# Format the code
fmt:
    cargo fmt --all

# What a change must pass
ci:
    .ci/run
