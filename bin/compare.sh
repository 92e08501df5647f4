#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures Barnabas beside Apache Kafka on this machine; --help lists the options.
base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ ! -d "$base/lab/target/classes" ] || [ ! -d "$base/dist/target/barnabas/libs" ]; then
  echo "compare.sh: build first, in $base: mvn package -DskipTests" >&2
  exit 1
fi
exec java -Xmx256m -Dlog4j2.configurationFile="file:$base/lab/target/classes/lab-tools-log4j2.properties" \
  -cp "$base/lab/target/classes:$base/tools/target/libs/*" io.barnabas.lab.compare.Compare --home "$base" "$@"
