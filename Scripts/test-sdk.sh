#!/usr/bin/env bash
# Runs the SDK's own tests, with the examples and the museum as shared objects, and the Swift example's tests as its author would.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/build-examples.sh
Scripts/museum.sh
export BESPOKE_EXAMPLES=$PWD/.build/examples BESPOKE_MUSEUM=$PWD/.build/museum
swift test --package-path Sources/PluginAPI --scratch-path .build/sdk
swift test --package-path Examples/plugins/hello-swift --scratch-path .build/examples/swift
