# Installs the packages given as arguments, and leaves the services of the system alone: Debian's
# packages would create a database cluster and start what they bring.
set -eu

settings=/etc/postgresql-common/createcluster.d/zz-cpom.conf
policy=/usr/sbin/policy-rc.d
own_policy=no

clean_up() {
    rm -f "$settings"
    rmdir "${settings%/*}" 2>/dev/null || true
    if [ "$own_policy" = yes ]; then rm -f "$policy"; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

mkdir -p "${settings%/*}"
echo 'create_main_cluster = false' >"$settings"
if [ ! -e "$policy" ]; then
    own_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

apt-get update --quiet
if [ $# -gt 0 ]; then
    apt-get install --quiet --yes --no-install-recommends \
        --option DPkg::Lock::Timeout=120 --option Dpkg::Options::=--force-confold "$@"
fi
