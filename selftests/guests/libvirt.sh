#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Debian's libvirtd, as its packages set it up, with AppArmor, runs two guests with
# the commands and the XML of Documentation/guide-libvirt.md. run.sh boots the
# machine for this.
#
#	       web                       shop
#	  eth0      eth1            eth0      eth1
#	   |         |               |         |
#	  web0     store0          shop0     vnetN
#	 direct      tun           direct     made by libvirt,
#	           2 queues       2 queues    and a hook
#
#	vsw0 has web0 and shop0, and is 192.0.2.254;
#	vsw1 has the others, and is 198.51.100.254.
# shellcheck source-path=SCRIPTDIR
# shellcheck disable=SC2317,SC2086 # run_tests calls these; no word has blanks
. "$(dirname -- "$0")/../lib.sh"
. "$(dirname -- "$0")/lib.sh"

ALL_TESTS="bridge_is_refused guests_start qemu_is_confined guests_ping
	domain_has_vhost libvirt_counts guest_is_saved guest_ends_and_starts guest_is_killed
	port_is_deleted nothing_is_left"

GUIDE=$REPO/Documentation/guide-libvirt.md
IP=([web]="192.0.2.1,198.51.100.1" [shop]="192.0.2.2,198.51.100.2")
VSW_OUT=/out
IMAGES=/var/lib/libvirt/images
# On an emulated processor, everything takes its time.
PATIENCE=150

# guide WORD [SWITCH]: prints the block of the guide that has the word, with the name
# of another switch.
guide()
{
	awk -v RS= -v word="$1" '/^    / && index($0, word) { print; exit }' "$GUIDE" |
		sed "s/^    //; s/vsw0/${2:-vsw0}/"
}

# guide_run WORD [SWITCH]: the commands of that block.
guide_run()
{
	guide "$@" >"$TMP/commands"
	[ -s "$TMP/commands" ] && bash -e "$TMP/commands"
}

# --- a host as Debian's packages leave it ----------------------------------

users()
{
	echo "libvirt-qemu:x:64055:105::/var/lib/libvirt:/usr/sbin/nologin" \
		>>/etc/passwd
	printf '%s\n' libvirt:x:106: libvirt-qemu:x:64055:libvirt-qemu >>/etc/group
}

directories()
{
	local dir

	install -d -m 711 $IMAGES /var/cache/libvirt /var/lib/libvirt/boot || return
	for dir in /var/lib/libvirt/qemu /var/cache/libvirt/qemu \
		/var/lib/libvirt/qemu/channel /var/lib/libvirt/qemu/channel/target; do
		install -d -m 750 -o libvirt-qemu -g libvirt-qemu $dir || return
	done
	install -d /var/log/libvirt/qemu /etc/libvirt/hooks \
		/etc/apparmor.d/local/abstractions
}

apparmor()
{
	local profile

	mount -t securityfs securityfs /sys/kernel/security
	: >/etc/apparmor.d/local/abstractions/libvirt-qemu
	for profile in usr.sbin.libvirtd usr.lib.libvirt.virt-aa-helper; do
		: >/etc/apparmor.d/local/$profile
		apparmor_parser -r /etc/apparmor.d/$profile || return
	done
}

# Who may use KVM is what udev says elsewhere.
kvm()
{
	accel_find
	[ $ACCEL != kvm ] || { chgrp kvm /dev/kvm && chmod 660 /dev/kvm; }
}

# With the PATH that systemd gives them. virsh answers once libvirtd has looked at
# what QEMU can do.
daemons()
{
	guide '#!/bin/sh' >/etc/libvirt/hooks/qemu
	chmod 755 /etc/libvirt/hooks/qemu
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin virtlogd -d &&
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin libvirtd -d &&
		busywait 120000 virsh -q list
}

# --- guests ----------------------------------------------------------------

# domain GUEST [XML]: its cards are those on standard input, without what an
# emulated processor would need long for, a boot program.
domain()
{
	cat <<-END
	<domain type='${ACCEL/tcg*/qemu}'>
	  <name>$1</name>
	  ${2:-}
	  <memory unit='MiB'>64</memory>
	  <vcpu>1</vcpu>
	  <os>
	    <type arch='x86_64' machine='pc'>hvm</type>
	    <kernel>$IMAGES/vmlinux</kernel>
	    <initrd>$IMAGES/initramfs</initrd>
	    <cmdline>$(guest_words $1)</cmdline>
	  </os>
	  <on_reboot>destroy</on_reboot>
	  <devices>
	    <controller type='usb' model='none'/>
	    <memballoon model='none'/>
	    <serial type='pipe'><source path='$TMP/$1'/></serial>
	    $(sed "s,</interface>,<rom enabled='no'/></interface>,")
	  </devices>
	</domain>
	END
}

define()
{
	domain "$@" >"$TMP/$1.xml" && virsh -q define "$TMP/$1.xml"
}

begin()
{
	virsh -q start $1
	check_err $? "start $1"
	ready $1
}

state_is()
{
	[ "$(virsh domstate $1 --reason)" = "$2" ]
}

# is_off GUEST REASON: that is what libvirt says of it, soon.
is_off()
{
	busywait 20000 state_is $1 "shut off ($2)"
	check_equal "$(virsh domstate $1 --reason)" "shut off ($2)" "$1"
	unset "PID[$1]"
}

# PID is that of its QEMU.
ready()
{
	hear $1 ready || fail "$1 said$ANSWER"
	PID[$1]=$(cat /run/libvirt/qemu/$1.pid)
}

setup()
{
	local net guest

	NO_IPV6=1
	users && directories && apparmor && kvm && load_module && modprobe tun &&
		modprobe vhost_net && daemons || return
	log "libvirt $(libvirtd --version | cut -d ' ' -f 3), ${ACCEL%%,*}," \
		"$(qemu-system-x86_64 --version | head -n 1), Linux $(uname -r)"
	guide_run "switch add vsw0" && guide_run "switch add vsw0" vsw1 || return
	for net in 0:192.0.2.254 1:198.51.100.254; do
		ip addr add ${net#*:}/24 dev vsw${net%:*} || return
	done
	"$IMAGE/guest" echo &
	cp "$IMAGE/vmlinux" "$IMAGE/initramfs" $IMAGES && chmod 711 "$TMP"
	for guest in web shop; do
		guest_pipes $guest || return
	done
}

# --- tests -----------------------------------------------------------------

bridge_is_refused()
{
	local out

	guide "interface type='bridge'" | domain bad >"$TMP/bad.xml"
	out=$(virsh create "$TMP/bad.xml" 2>&1)
	check_fail $? "libvirt has made it a port"
	[[ $out == *"$(guide "Unable to add bridge")"* ]] || fail "libvirt says $out"
}

guests_start()
{
	local dev begin=$SECONDS

	guide_run "web0 type tap" >/dev/null &&
		guide_run "shop0 type tap" >/dev/null &&
		guide_run "tuntap add dev store0" vsw1
	check_err $? "ports"
	{ guide "dev='web0'"; guide "dev='store0'"; } | define web
	check_err $? "define web"
	{ guide "dev='shop0'"; guide "00:04'"; } |
		define shop "$(guide "<description>" vsw1)"
	check_err $? "define shop"
	virsh -q start web &
	virsh -q start shop
	check_err $? "start shop"
	wait $!
	check_err $? "start web"
	ready web
	ready shop
	log "both have started in $((SECONDS - begin)) s"
	for dev in web0 shop0 store0 vnet[0-9]; do
		assert_jq "map(select(.name | test(\"^$dev\$\"))) | length == 1 and
			.[0].state == \"forwarding\"" "port $dev" port show
	done
	assert_jq '.[0].guest.open == 2' "queues of shop0" port show shop0
}

# files GUEST: the devices that its QEMU has open.
files()
{
	readlink /proc/${PID[$1]}/fd/* | grep -E '^/dev/(tap|net|vhost)' | sort | xargs
}

# libvirtd opens the nodes, which belong to root, for a QEMU that may not.
qemu_is_confined()
{
	local guest web shop vhost=

	for guest in web shop; do
		check_equal "$(stat -c %U /proc/${PID[$guest]})" libvirt-qemu "user"
		grep -q '^libvirt-.* (enforce)$' /proc/${PID[$guest]}/attr/current
		check_err $? "QEMU of $guest is not confined"
	done
	web=$(vsw_get '.[0].node' port show web0)
	shop=$(vsw_get '.[0].node' port show shop0)
	check_equal "$(stat -c %U:%a $web)" root:600 "node"
	[ $ACCEL != kvm ] || vhost=" /dev/vhost-net /dev/vhost-net /dev/vhost-net"
	check_equal "$(files web)" "/dev/net/tun /dev/net/tun $web$vhost" "files of web"
	check_equal "$(files shop)" "/dev/net/tun $shop $shop$vhost" "files of shop"
}

guests_ping()
{
	local net

	for net in 192.0.2 198.51.100; do
		ask web ping $net.2 64
		ask shop ping $net.1 5000
		host_ask ping $net.1 64
		ask shop ping $net.254 1472
		ask web stream $net.2 1
	done
}

# same_bytes DEV WHAT: what libvirt counts is what has come from the guest.
same_bytes()
{
	[ "$(virsh domifstat web $1 | awk "/ $2_bytes / { print \$3 }")" = \
		"$(port_stat $1 rx-bytes)" ]
}

# It takes any tap for one whose netdev has the host's view.
libvirt_counts()
{
	busywait 5000 same_bytes store0 tx
	check_err $? "what web has sent to store0"
	busywait 5000 same_bytes web0 rx
	check_err $? "what web has sent to web0"
}

# libvirt does not ask for it without KVM.
domain_has_vhost()
{
	[ $ACCEL = kvm ] || {
		skip "no KVM in this machine"
		return
	}
	check_equal "$(threads web | wc -l)" 3 "threads for web"
	check_equal "$(threads shop | wc -l)" 3 "threads for shop"
}

# Into a file and back, with both taps.
guest_is_saved()
{
	virsh -q save web $IMAGES/web.save
	check_err $? "save"
	wait_jq 10000 '.[0].state == "down"' "its port" port show web0
	virsh -q restore $IMAGES/web.save
	check_err $? "restore"
	PID[web]=$(cat /run/libvirt/qemu/web.pid)
	guests_ping
}

# Its port stays as it was.
guest_ends_and_starts()
{
	local frames

	frames=$(port_stat web0 rx-packets)
	tell web off
	is_off web shutdown
	wait_jq 10000 '.[0].state == "down"' "its port" port show web0
	[ "$(port_stat web0 rx-packets)" -ge "$frames" ]
	check_err $? "web0 counts anew"
	begin web
	guests_ping
}

# The hook may do more with vswctl, where AppArmor lets it.
hook_uses_vswctl()
{
	install -D "$REPO/ctl/vswctl" -t /usr/local/sbin &&
		guide "/usr/local/sbin/vswctl PUx" >/etc/apparmor.d/local/usr.sbin.libvirtd &&
		guide_run "apparmor_parser -r" &&
		sed -i "s,ip link set \"\$dev\" master \"\$sw\",$(guide "mac-limit 4")," \
			/etc/libvirt/hooks/qemu
}

guest_is_killed()
{
	kill -9 ${PID[shop]}
	is_off shop crashed
	wait_jq 10000 '.[0].state == "down"' "its port" port show shop0
	assert_jq 'all(.name | test("vnet") | not)' "the tap of libvirt" port show
	hook_uses_vswctl
	check_err $? "the hook"
	begin shop
	assert_jq '[.[] | select(.name | test("vnet")) | ."mac-limit"] == [4]' \
		"the hook" port show
	guests_ping
}

port_is_deleted()
{
	local out

	vswctl port del web0
	check_err $? "delete"
	ask web ping 198.51.100.2 64
	virsh -q destroy web
	check_err $? "destroy"
	is_off web destroyed
	out=$(virsh -q start web 2>&1)
	check_fail $? "web has started without web0"
	log "$out"
}

nothing_is_left()
{
	virsh -q destroy shop
	check_err $? "destroy"
	busywait 10000 rmmod vswitch
	check_err $? "the module cannot be removed"
	ip link del store0
	check_equal "$(ls /sys/class/net)" lo "netdevs"
	# QEMU looks at where its memory is, and may not: this is of no consequence.
	check_equal "$(dmesg | grep 'apparmor="DENIED"' | grep -v ' name="/sys/devices/')" \
		"" "what AppArmor refused"
}

run_tests "$@"
