#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Checks that no layer includes what is above it, and that only agent/ includes net-snmp.
cd "${SRCDIR:-.}/src" || exit 1

# may FOLDER ALLOWED: files in FOLDER include, of this project, only what matches ALLOWED.
# A path is resolved from the folder of the file that includes it.
may() {
	for file in "$1"/*.[ch]; do
		sed -n 's/^#include "\(.*\)"$/\1/p' "$file" | while read -r path; do
			case $path in
			../*) resolved=${path#../} ;;
			*) resolved=$1/$path ;;
			esac
			echo "$resolved" | grep -Eqx "$2" || echo "$file includes $path"
		done
	done
}

number=0
# check TEXT OUTPUT: passes when there is no output.
check() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "$2" | sed 's/^/# /'
	fi
}

base='(array|log|octets|thread)\.h'
echo 1..7
check "kernel/ stands on itself" "$(may kernel "kernel/.*|$base")"
check "table/ stands on itself" "$(may table "table/.*|$base")"
check "mib/ stands on kernel/ and table/" "$(may mib "mib/.*|kernel/.*|table/.*|$base")"
check "agent/ does not reach kernel/" \
	"$(may agent "agent/.*|mib/.*|table/.*|config\.h|$base")"
check "only agent/ includes net-snmp" \
	"$(grep -l '#include <net-snmp' ./*.[ch] kernel/*.[ch] table/*.[ch] mib/*.[ch])"
check "only kernel/ includes libmnl and linux/" \
	"$(grep -lE '#include <(libmnl|linux)/' ./*.[ch] table/*.[ch] mib/*.[ch] agent/*.[ch])"
check "array, log, octets and thread stand alone" \
	"$(grep -l '^#include ".*/' array.[ch] log.[ch] octets.h thread.[ch])"
