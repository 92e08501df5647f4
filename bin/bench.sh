#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Benchmarks of the hot inner pieces (JMH); --help says what can be asked for.
set -u
base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
fail() { echo "bench.sh: $*" >&2; exit 1; }
# shellcheck source=bin/find-java
. "$base/bin/find-java"

usage() {
  cat <<'EOT'
usage: bench.sh [--first] [--list] [NAME]... [-- JMH-OPTION...]

Measures the few pieces of a broker that every record batch passes through, each alone, with JMH: the average time of a call,
in about three minutes for all of them. NAME is a part of a benchmark's name (a regular expression); without one, all.

  append      checking a produced batch: size, CRC, header; stamping its offsets    AppendBenchmark
  index       from an offset to a position in a segment's file                      OffsetIndexBenchmark
  producer    an idempotent producer's sequence: is it new, is it next              ProducerStateBenchmark
  request     from a frame's bytes to a Produce or Fetch request                    RequestParserBenchmark
  response    from what was read to what is written to a reader's socket            ResponseEncoderBenchmark

  --first     with the JVM's first compiler only, as with BARNABAS_COMPILER=first; by default with both, as brokers run
  --list      name the benchmarks and measure nothing
  --          what follows is for JMH itself: -h explains, "-prof gc" shows bytes allocated by a call,
              "-f 3 -i 10" measures longer, "-rf json -rff FILE" keeps the results

Use a machine that does nothing else; the column after ± is the error at 99.9 %.
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
    -*) fail "no option is called $1; see --help" ;;
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
