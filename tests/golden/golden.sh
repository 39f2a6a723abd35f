#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Replays each case of data/cases and compares what is walked with its golden text; TAP.
#
# golden.sh --update writes the golden texts anew instead. Read the difference then, line by
# line: the test is worth what that reading was worth.
# A text is the walk as snmpwalk -On prints it, then "# " and what was logged meanwhile.
# SRCDIR and BUILDDIR are the trees' roots.

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
data=${SRCDIR:-$top}/tests/golden/data
replay=$(cd "${BUILDDIR:-$top}" && pwd)/tests/golden/replay
cd "$data" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# walk ARGUMENTS: the text of a case into $work/walk, replay's status into $status.
walk() {
	"$replay" "$@" >"$work/walk" 2>"$work/log"
	status=$?
	sed 's/^/# /' "$work/log" >>"$work/walk"
}

# update NAME GOLDEN: makes the walk that was just made the golden one.
update() {
	if [ "$status" -eq 0 ]; then
		cp "$work/walk" "$2" && echo "$1: $(grep -c '^\.' "$2") instances in $2"
	else
		echo "$1: replay ended with status $status, $2 stays as it is" >&2
		cat "$work/log" >&2
	fi
}

# check NAME GOLDEN: is it?
check() {
	if [ "$status" -eq 77 ]; then
		echo "ok $number - $1 # SKIP $(tail -n 1 "$work/log")"
		return
	fi
	if diff -u "$2" "$work/walk" >"$work/diff" 2>&1 && [ "$status" -eq 0 ]; then
		echo "ok $number - $1"
		return
	fi
	echo "not ok $number - $1"
	[ "$status" -eq 0 ] || echo "# replay ended with status $status"
	sed 's/^/# /' "$work/diff"
}

number=0
while read -r name golden arguments; do
	case $name in '' | '#'*) continue ;; esac
	number=$((number + 1))
	eval "walk $arguments"
	if [ "$1" = --update ]; then
		update "$name" "$golden"
	else
		check "$name" "$golden"
	fi
done <cases
[ "$1" = --update ] || echo "1..$number"
