# The demo's story with --once, in real time times 60, in one process over real TLS.
source "$(dirname "$0")/almd.sh"
expect_exit 0 "$almd" run --once --speed 60 --admin 127.0.0.1:0 --cloud 127.0.0.1:0
says "imported into QUA.200"
says "imported into PRD.300"
says "ledger is clean"
grep -q '^ready admin=http://127.0.0.1:[0-9]* cloud=https://127.0.0.1:[0-9]*$' "$work/last.out" || fail "no ready line"
expect_exit 0 "$almd" run "$source_dir/config/one-system.yaml" --once --speed 60 --admin 127.0.0.1:0 --cloud 127.0.0.1:0
says "ledger is clean"
