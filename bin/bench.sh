#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Benchmarks of the inner pieces of a broker (JMH); --help lists the options.
set -u
base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
fail() { echo "bench.sh: $*" >&2; exit 1; }
# shellcheck source=bin/find-java
. "$base/bin/find-java"

usage() {
  cat <<'EOT'
usage: bench.sh [--first] [--list] [NAME]... [-- JMH-OPTION...]

Measures with JMH the pieces of a broker that every record batch passes through: the average time of a call. All of
them take about three minutes. NAME is a regular expression that selects benchmarks by name; the default is all.

  append      checking a produced batch: size, CRC, header; writing its offsets     AppendBenchmark
  index       finding the position of an offset in a segment's file                 OffsetIndexBenchmark
  producer    checking an idempotent producer's sequence                            ProducerStateBenchmark
  request     decoding a Produce or Fetch request                                   RequestParserBenchmark
  response    encoding a fetch response                                             ResponseEncoderBenchmark

  --first     use the JVM's first compiler only, as with BARNABAS_COMPILER=first; the default is both, as in brokers
  --list      list the benchmarks without running them
  --          pass the rest to JMH: -h lists its options, "-prof gc" shows bytes allocated per call,
              "-f 3 -i 10" measures longer, "-rf json -rff FILE" saves the results

Use a machine that runs nothing else. The column after ± is the error at a confidence of 99.9 %.
EOT
}

compiler=$both_compilers
jmh=()
names=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --first) compiler=-XX:TieredStopAtLevel=1 ;;
    --list) jmh+=(-l) ;;
    --) shift; jmh+=("$@"); break ;;
    -*) fail "unknown option $1; see --help" ;;
    append) names+=(AppendBenchmark) ;;
    index) names+=(OffsetIndexBenchmark) ;;
    producer) names+=(ProducerStateBenchmark) ;;
    request) names+=(RequestParserBenchmark) ;;
    response) names+=(ResponseEncoderBenchmark) ;;
    *) names+=("$1") ;;
  esac
  shift
done

if [ ! -d "$base/bench/target/libs" ] || [ ! -d "$base/dist/target/barnabas/libs" ]; then
  echo "bench.sh: building Barnabas first …" >&2
  mvn -B -ntp -q -f "$base/pom.xml" package -DskipTests >&2 || fail "the build failed; try 'mvn package -DskipTests' in $base"
fi
exec "$java" -cp "$base/bench/target/classes:$base/bench/target/libs/*:$base/dist/target/barnabas/libs/*" org.openjdk.jmh.Main \
  -foe true -jvmArgs "${java_opts[*]+${java_opts[*]} }-Xms512m -Xmx512m -XX:+UseSerialGC $compiler -Dlog4j2.level=error" \
  ${names[@]+"${names[@]}"} ${jmh[@]+"${jmh[@]}"}
