#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures Barnabas, Kafka with ZooKeeper and Kafka with KRaft on this machine; --help lists the options.
set -u
base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
fail() { echo "compare.sh: $*" >&2; exit 1; }
# shellcheck source=bin/find-java
. "$base/bin/find-java"

measures=true kraft_wanted=true systems="" previous=""
for argument in "$@"; do
  case "$argument" in
    -h|--help|-V|--version) measures=false ;;
    --systems=*) systems+=,${argument#*=} ;;
    *) if [ "$previous" = --systems ]; then systems+=,$argument; fi ;;
  esac
  previous=$argument
done
case "$systems," in ,|*,kraft,*) ;; *) kraft_wanted=false ;; esac

if [ ! -d "$base/lab/target/classes" ] || [ ! -d "$base/dist/target/barnabas/libs" ] || [ ! -d "$base/tools/target/libs" ]; then
  echo "compare.sh: building Barnabas first …" >&2
  mvn -B -ntp -q -f "$base/pom.xml" package -DskipTests >&2 || fail "the build failed; try 'mvn package -DskipTests' in $base"
fi
if $measures; then "$base/bin/class-archive.sh" --if-needed >&2; fi
kraft="$base/lab/peers/kraft"
if $measures && $kraft_wanted && [ ! -d "$kraft/target/libs" ]; then
  echo "compare.sh: downloading Apache Kafka 4.3 with Maven …" >&2
  mvn -B -ntp -q -f "$kraft/pom.xml" prepare-package >&2 || { rm -rf "$kraft/target"; fail "the download failed; --systems barnabas,kafka works without it"; }
fi
exec "$java" ${java_opts[@]+"${java_opts[@]}"} -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  -Dlog4j2.configurationFile="file:$base/lab/target/classes/lab-tools-log4j2.properties" \
  -cp "$base/lab/target/classes:$base/tools/target/libs/*" io.barnabas.lab.compare.Compare --home "$base" "$@"
