#!/bin/sh
# Makes sure that programs Luotsi needs are on this machine, installing them where it may.
#
#   deploy/need.sh go postgresql chromium compiler
#
# Says what it does while doing it. What it may not install it names in one sentence, and fails. Running it again, or
# several times at once, does no harm.
set -eu

say() { printf '%s\n' "need: $*" >&2; }

has() { command -v "$1" >/dev/null 2>&1; }

# Where PostgreSQL's server programs may be: the search path, and where installers put them (see store/embedded).
has_postgresql() {
	for dir in $(printf '%s' "$PATH" | tr ':' ' ') /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
		/opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
		/home/linuxbrew/.linuxbrew/opt/postgresql*/bin /Applications/Postgres.app/Contents/Versions/*/bin; do
		if [ -x "$dir/postgres" ] && [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then return 0; fi
	done
	return 1
}

# A browser counts only if it runs: Ubuntu's chromium-browser may be a stand-in that only tells to install a snap.
has_chromium() {
	for name in chromium chromium-browser google-chrome google-chrome-stable \
		'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do
		if has "$name" && "$name" --version >/dev/null 2>&1; then return 0; fi
	done
	return 1
}

# go test -race links with the C compiler that go would use.
has_compiler() {
	# shellcheck disable=SC2046 # the answer may carry flags: only its first word is the program
	set -- $(go env CC 2>/dev/null)
	has "${1:-cc}"
}

# From 1.21 on, Go fetches the version that go.mod asks for; an older one only complains of go.mod.
has_go() {
	has go || return 1
	minor=$(cd / && go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
	[ "${minor:-99}" -ge 21 ]
}

# as_root runs a command as root, without ever asking for a password.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_apt() {
	has apt-get || return 1
	[ "$(id -u)" -eq 0 ] || { has sudo && sudo -n true 2>/dev/null; }
}

# apt waits for another package manager to finish, and never asks questions.
apt() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >&2
}

# The lists have a lock of their own, for which apt-get update does not wait.
apt_update() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		if apt update; then return 0; fi
		say "the package lists cannot be renewed just now; trying again"
		sleep 3
	done
	return 1
}

apt_install() {
	say "installing $* with apt-get"
	# Fresh images come without package lists, and old lists name packages that are gone.
	if ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 && apt install --no-install-recommends "$@"; then return 0; fi
	apt_update || say "going on with the package lists that are here"
	apt install --no-install-recommends "$@"
}

# Debian's package would make and start a cluster of its own, for which Luotsi has no use: each of Luotsi's servers is
# private. The rule against it lasts only while we install.
install_postgresql() {
	rules=/etc/postgresql-common/createcluster.d
	rule=$rules/luotsi-no-cluster.conf
	as_root mkdir -p "$rules"
	echo 'create_main_cluster = false' | as_root tee "$rule" >/dev/null
	trap 'as_root rm -f "$rule"' EXIT
	apt_install postgresql || true
	as_root rm -f "$rule"
	trap - EXIT
}

install_chromium() {
	apt_install chromium fonts-liberation || apt_install chromium-browser || true
}

install_compiler() {
	apt_install gcc libc6-dev || true
}

install_go() { :; } # the distributions' Go is too old more often than not

hint() {
	case $1 in
	go) echo 'Go 1.21 or newer is missing: install it from https://go.dev/dl/ (or "brew install go" on macOS).' ;;
	postgresql) echo 'PostgreSQL'\''s programs are missing: install them with "sudo apt-get install postgresql" (Debian, Ubuntu) or "brew install postgresql@17" (macOS).' ;;
	chromium) echo 'A browser for the tests is missing: install one with "sudo apt-get install chromium" (Debian), "sudo snap install chromium" (Ubuntu) or "brew install --cask google-chrome" (macOS).' ;;
	compiler) echo 'A C compiler, which go test -race needs, is missing: install one with "sudo apt-get install gcc libc6-dev" (Debian, Ubuntu) or "xcode-select --install" (macOS).' ;;
	esac
}

for what in "$@"; do
	case $what in
	go | postgresql | chromium | compiler) ;;
	*)
		say "unknown: $what"
		exit 2
		;;
	esac
	if "has_$what"; then continue; fi
	if may_apt; then "install_$what"; fi
	if ! "has_$what"; then
		say "$(hint "$what")"
		exit 1
	fi
done
