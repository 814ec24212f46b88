#!/usr/bin/env bash
# Builds each example plugin as its author would, apart from the host, into .build/examples/lib*.so. Rust is skipped with a message
# where there is no cargo.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/.build/examples
mkdir -p "$out"

swift build --quiet -c release --package-path Examples/plugins/hello-swift --scratch-path "$out/swift" --product HelloSwift
cp "$out/swift/release/libHelloSwift.so" "$out/"

# A machine that has only the Swift toolchain has its clang.
make --no-print-directory --silent -C Examples/plugins/hello-c CC="$(command -v cc || command -v clang)" libHelloC.so
mv Examples/plugins/hello-c/libHelloC.so "$out/"

if command -v cargo >/dev/null; then
  cargo build --quiet --release --offline --manifest-path Examples/plugins/hello-rust/Cargo.toml --target-dir "$out/rust"
  cp "$out/rust/release/libHelloRust.so" "$out/"
else
  echo "build-examples: there is no 'cargo'; hello-rust was not built"
fi
ls "$out"/lib*.so
