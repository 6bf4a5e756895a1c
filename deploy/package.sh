#!/bin/bash
# Builds the Debian package from a release build: deploy/package.sh BUILD-FOLDER OUTPUT-FOLDER. `make package` calls it.
set -euo pipefail

build=$1
output=$2
here=$(cd "$(dirname "$0")" && pwd)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

root=$stage/debian/motherlode
version=$("$build/poold" version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
# The same sources make the same package, byte for byte: every time in it is the last change's.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2> /dev/null || date +%s)}
export SOURCE_DATE_EPOCH

put() { # MODE SOURCE TARGET
    install -D -m "$1" "$2" "$root/$3"
}

for program in poold poolctl; do
    put 755 "$build/$program" "usr/bin/$program"
    strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/$program"
    "$build/$program" manual > "$stage/$program.1"
    "$build/$program" completion bash > "$stage/$program.bash"
    "$build/$program" completion zsh > "$stage/$program.zsh"
    gzip -9n "$stage/$program.1"
    put 644 "$stage/$program.1.gz" "usr/share/man/man1/$program.1.gz"
    put 644 "$stage/$program.bash" "usr/share/bash-completion/completions/$program"
    put 644 "$stage/$program.zsh" "usr/share/zsh/vendor-completions/_$program"
done
put 644 "$here/systemd/motherlode.service" usr/lib/systemd/system/motherlode.service
put 644 "$here/systemd/motherlode.sysusers" usr/lib/sysusers.d/motherlode.conf
put 644 "$here/systemd/motherlode.tmpfiles" usr/lib/tmpfiles.d/motherlode.conf
put 644 "$here/logs/logrotate" etc/logrotate.d/motherlode
put 644 "$here/logs/journald.conf" usr/share/doc/motherlode/examples/journald.conf
put 644 "$here/logs/log-to-file.conf" usr/share/doc/motherlode/examples/log-to-file.conf
for example in "$here"/*.json5; do put 644 "$example" "usr/share/doc/motherlode/examples/$(basename "$example")"; done
"$build/poold" config > "$stage/every-key.json5"
put 644 "$stage/every-key.json5" usr/share/doc/motherlode/examples/every-key.json5
for page in "$here"/../docs/*.md; do put 644 "$page" "usr/share/doc/motherlode/$(basename "$page")"; done
put 644 "$here/debian/copyright" usr/share/doc/motherlode/copyright
for file in prometheus/motherlode.rules.yml prometheus/prometheus.yml grafana/dashboards/motherlode.json; do
    put 644 "$here/$file" "usr/share/motherlode/$file"
done
printf 'motherlode (%s) stable; urgency=medium\n\n  * See the history of the sources.\n\n -- Motherlode <pool@localhost>  %s\n' \
    "$version" "$(date -R -u -d "@$SOURCE_DATE_EPOCH")" > "$stage/changelog"
gzip -9n "$stage/changelog"
put 644 "$stage/changelog.gz" usr/share/doc/motherlode/changelog.gz
for script in postinst prerm postrm; do put 755 "$here/debian/$script" "DEBIAN/$script"; done
# Files in /etc are the operator's: an upgrade asks before it replaces a changed one, a purge removes them.
(cd "$root" && find etc -type f -printf '/%p\n' | sort) > "$stage/conffiles"
put 644 "$stage/conffiles" DEBIAN/conffiles

# What the programs need is what their libraries' packages say, no more and no less.
mkdir -p "$stage/debian"
printf 'Source: motherlode\n\nPackage: motherlode\nArchitecture: any\n' > "$stage/debian/control"
needs=$(cd "$stage" && dpkg-shlibdeps -O -edebian/motherlode/usr/bin/poold -edebian/motherlode/usr/bin/poolctl | sed -n 's/^shlibs:Depends=//p')
cat > "$root/DEBIAN/control" << CONTROL
Package: motherlode
Version: $version
Architecture: $architecture
Maintainer: Motherlode <pool@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $needs, passwd
Suggests: bitcoind, grafana, logrotate, prometheus
Section: net
Priority: optional
Description: Bitcoin mining and merged-mining pool server
 Motherlode serves miners over Stratum, judges their shares, commits to every
 merged-mined chain in one coinbase, and keeps a ledger of who is owed what.
 .
 poold is the server, poolctl watches and steers it.
CONTROL
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum > DEBIAN/md5sums)

mkdir -p "$output"
package=$output/motherlode_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" > /dev/null
echo "$package: $(stat -c %s "$package") bytes, installed $(du -sk --exclude=DEBIAN "$root" | cut -f1) kB"
echo "depends: $needs"
