#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds a release from a clean clone; --help lists the options.
set -euo pipefail

usage() {
  cat <<'EOT'
usage: dist/release.sh [--dry-run] [--skip-tests] [--output DIR] VERSION

Builds the release VERSION (such as 0.1.0) from a fresh clone of this repository's HEAD:

  1. checks that VERSION is well-formed, that the tag vVERSION is free, that there are no uncommitted changes, that the
     POMs have the version VERSION or VERSION-SNAPSHOT, and that CHANGELOG.md has entries under [Unreleased] or a
     section [VERSION]
  2. clones HEAD, sets VERSION in the POMs, gives CHANGELOG.md the section [VERSION] with today's date, and commits
  3. runs 'mvn verify', all tests included
  4. copies the archive to DIR with its SHA-256 and SHA-512 checksums
  5. brings the commit and the tag vVERSION into this repository; the current branch stays where it is

Nothing is pushed. Push the tag yourself when you have looked at the result.

  --dry-run      do everything but step 5
  --skip-tests   build without tests; allowed with --dry-run only
  --output DIR   where the archive goes (default: dist/target/release)
EOT
}
fail() { echo "release.sh: $*" >&2; exit 1; }

dry_run=false skip_tests=false output="" version=""
while [ $# -gt 0 ]; do
  case "$1" in
    -h|--help) usage; exit 0 ;;
    --dry-run) dry_run=true ;;
    --skip-tests) skip_tests=true ;;
    --output) [ $# -ge 2 ] || fail "--output needs a directory"; output=$2; shift ;;
    -*) fail "unknown option $1; see --help" ;;
    *) [ -z "$version" ] || fail "more than one version given: $version, $1"; version=$1 ;;
  esac
  shift
done
[ -n "$version" ] || { usage >&2; exit 1; }
[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "$version is not a version such as 0.1.0"
[[ "$version" != *-SNAPSHOT ]] || fail "a release has no -SNAPSHOT version"
if $skip_tests && ! $dry_run; then fail "--skip-tests needs --dry-run: a release is tested"; fi
for tool in git mvn tar sha256sum sha512sum; do
  command -v "$tool" > /dev/null || fail "$tool is not installed"
done

base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
output=${output:-$base/dist/target/release}
tag=v$version

echo "release.sh: checking $version"
git -C "$base" diff --quiet HEAD || fail "there are uncommitted changes"
! git -C "$base" rev-parse -q --verify "refs/tags/$tag" > /dev/null || fail "the tag $tag exists already"
pom_version=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' "$base/pom.xml" | head -n 1)
[ "${pom_version%-SNAPSHOT}" = "$version" ] || fail "pom.xml has the version $pom_version, not $version-SNAPSHOT"
section() { # the lines of one section of the changelog
  awk -v name="## [$1]" 'index($0, name) == 1 { on = 1; next } /^## / { on = 0 } on' "$base/CHANGELOG.md"
}
grep -q '^## \[Unreleased\]' "$base/CHANGELOG.md" || fail "CHANGELOG.md has no section [Unreleased]"
if ! grep -qF "## [$version]" "$base/CHANGELOG.md"; then
  section Unreleased | grep -q '^- ' || fail "CHANGELOG.md has no entries under [Unreleased]"
elif section Unreleased | grep -q '^- '; then
  fail "CHANGELOG.md has both a section [$version] and entries under [Unreleased]"
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
clone=$scratch/barnabas
echo "release.sh: cloning $(git -C "$base" rev-parse --short HEAD)"
git clone -q --no-local "$base" "$clone"
git -C "$clone" checkout -q --detach "$(git -C "$base" rev-parse HEAD)"
cd "$clone"
while IFS= read -r pom; do
  sed -i "s:<version>$pom_version</version>:<version>$version</version>:" "$pom"
done < <(git ls-files 'pom.xml' '*/pom.xml')
if ! grep -qF "## [$version]" CHANGELOG.md; then
  sed -i "s/^## \[Unreleased\].*/## [Unreleased]\n\n## [$version] - $(date -u +%Y-%m-%d)/" CHANGELOG.md
fi
if ! git diff --quiet; then
  git -c user.name="$(git -C "$base" config user.name || echo release)" \
    -c user.email="$(git -C "$base" config user.email || echo release@localhost)" commit -qam "release: $version"
fi

echo "release.sh: building$($skip_tests && echo ' without tests' || echo ' and testing')"
if $skip_tests; then
  CI=true mvn -B -ntp -q package -DskipTests || fail "the build failed"
else
  CI=true mvn -B -ntp verify || fail "the build or a test failed"
fi
archive=barnabas-$version.tar.gz
[ -f "dist/target/$archive" ] || fail "the build made no dist/target/$archive"
tar -tzf "dist/target/$archive" > "$scratch/list"
for wanted in README.md LICENSE NOTICE CHANGELOG.md bin/kafka-server-start.sh conf/server.properties; do
  grep -q "/$wanted\$" "$scratch/list" || fail "$wanted is missing in $archive"
done
[ -z "$(git status --porcelain)" ] || fail "the build changed files of the clone: $(git status --porcelain | head -n 3)"

mkdir -p "$output"
cp "dist/target/$archive" "$output/"
(cd "$output" && sha256sum "$archive" > "$archive.sha256" && sha512sum "$archive" > "$archive.sha512")
if $dry_run; then
  echo "release.sh: dry run; no tag was made"
else
  git tag -a "$tag" -m "Barnabas $version"
  git -C "$base" fetch -q "$clone" "refs/tags/$tag:refs/tags/$tag"
  echo "release.sh: the tag $tag is in this repository; push it with 'git push origin $tag'"
fi
ls -l "$output/$archive"*
