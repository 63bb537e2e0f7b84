// SPDX-License-Identifier: GPL-2.0
/*
 * Words, the requests that they make, help and completion.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <linux/vswitch.h>

#include "fake.h"
#include "messages.h"

static const struct { const char *line, *says; } bad_words[] = {
	{ "", "a command is missing" },
	{ "foo", "unknown word 'foo', it must be one of switch, port" },
	{ "swi show", "unknown word 'swi'" },
	{ "-x switch show", "unknown option '-x'" },
	{ "-jz switch show", "unknown option '-jz'" },
	{ "-n", "option -n needs a value" },
	{ "-b", "option -b needs a value" },
	{ "-n a -n b switch show", "option -n is given twice" },
	{ "-n ../x switch show", "'../x' is not the name of a network namespace" },
	{ "-n  switch show", "'' is not the name of a network namespace" },
	{ "-b - switch show", "'switch' does not go with -b" },
	{ "switch show -j", "options such as -j come before the command" },
	{ "port show veth0 -jp", "options such as -jp come before the command" },
	{ "port add vsw0 -p", "options such as -p come before the command" },
	{ "fdb show -n red", "options such as -n come before the command" },
	{ "switch -b x", "options such as -b come before the command" },
	{ "switch show -V", "options such as -V come before the command" },
	{ "switch show --version", "options such as --version come before the command" },
	{ "foo --help", "there is no command 'foo'" },
	{ "port foo -h", "there is no command 'port foo'" },
	{ "port show veth0 -x", "unknown word '-x'" },
	{ "switch", "switch: a verb is missing, one of add, set, del, show" },
	{ "switch ad", "switch: unknown word 'ad', it must be one of add, set, del, show" },
	{ "switch add", "switch add: NAME is missing" },
	{ "switch add ", "the name '' is empty" },
	{ "switch add 1234567890123456", "is longer than 15 bytes" },
	{ "switch add a/b", "has a blank, '/', ':' or '%' in it" },
	{ "switch add a:b", "has a blank" },
	{ "switch add vsw%d", "has a blank" },
	{ "switch add ..", "is not a device name" },
	{ "switch add all", "the name 'all' is reserved by the kernel" },
	{ "switch add default", "the name 'default' is reserved" },
	{ "switch add vsw0 foo", "unknown word 'foo'" },
	{ "switch add vsw0 ", "unknown word ''" },
	{ "switch add vsw0 age 3", "unknown word 'age'" },
	{ "switch add vsw0 ageing", "'ageing' needs a value (SEC)" },
	{ "switch add vsw0 ageing ", "ageing must be a whole number from 0 to 1000000, not ''" },
	{ "switch add vsw0 ageing 1000001", "from 0 to 1000000, not '1000001'" },
	{ "switch add vsw0 ageing -1", "not '-1'" },
	{ "switch add vsw0 ageing +1", "not '+1'" },
	{ "switch add vsw0 ageing 0x10", "not '0x10'" },
	{ "switch add vsw0 ageing 3s", "not '3s'" },
	{ "switch add vsw0 ageing 1.5", "not '1.5'" },
	{ "switch add vsw0 ageing 4294967296", "not '4294967296'" },
	{ "switch add vsw0 ageing 4294967297", "not '4294967297'" },
	{ "switch add vsw0 ageing 18446744073709551616", "not '18446744073709551616'" },
	{ "switch add vsw0 ageing 18446744073709551617", "not '18446744073709551617'" },
	{ "switch add vsw0 ageing 99999999999999999999999", "not '9999" },
	{ "switch add vsw0 ageing 1 ageing 2", "'ageing' is given twice" },
	{ "switch add vsw0 fdb-limit 0", "fdb-limit must be a whole number from 1 to 16777216" },
	{ "switch add vsw0 fdb-limit 16777217", "from 1 to 16777216" },
	{ "switch add vsw0 port-limit 0", "from 1 to 4095" },
	{ "switch add vsw0 port-limit 4096", "from 1 to 4095" },
	{ "switch add vsw0 mtu 67", "from 68 to 65535" },
	{ "switch add vsw0 mtu 65536", "from 68 to 65535" },
	{ "switch add vsw0 address 02:00:00:00:00", "address must be six octets" },
	{ "switch add vsw0 address 02:00:00:00:00:0", "address must be six octets" },
	{ "switch add vsw0 address 02:00:00:00:00:0g", "address must be six octets" },
	{ "switch add vsw0 address 02-00-00-00-00-01", "address must be six octets" },
	{ "switch add vsw0 address 02:00:00:00:00:01:02", "address must be six octets" },
	{ "switch add vsw0 address 2:0:0:0:0:1", "address must be six octets" },
	{ "switch add vsw0 address 01:00:00:00:00:01", "must not be a group address" },
	{ "switch add vsw0 address 00:00:00:00:00:00", "must not be a group address" },
	{ "switch set vsw0", "there is nothing to change" },
	{ "switch set vsw0 address ff:ff:ff:ff:ff:ff", "must not be a group address" },
	{ "switch del", "NAME is missing" },
	{ "switch del a b", "unknown word 'b'" },
	{ "switch show a b", "unknown word 'b'" },
	{ "port add vsw0", "DEV is missing" },
	{ "port add vsw0 veth0 veth1", "unknown word 'veth1'" },
	{ "port add vsw0 1234567890123456", "DEV: the name '1234567890123456' is longer" },
	{ "port add vsw0 veth0 role", "'role' needs a value (guest|host|uplink)" },
	{ "port add vsw0 veth0 role gues", "role must be one of guest, host, uplink, not 'gues'" },
	{ "port add vsw0 veth0 role 0", "not '0'" },
	{ "port add vsw0 veth0 learning yes", "learning must be one of on, off, not 'yes'" },
	{ "port add vsw0 veth0 learning 1", "not '1'" },
	{ "port add vsw0 web0 type host", "type must be one of attached, tap, internal, not 'host'" },
	{ "port add vsw0 web0 queues 17", "from 1 to 16" },
	{ "qemu-args", "DEV is missing" },
	{ "qemu-args web0 fd 2", "fd must be 3 to 999, not '2'" },
	{ "qemu-args web0 fd 0x3", "not '0x3'" },
	{ "qemu-args web0 queues 257", "queues must be 1 to 256, not '257'" },
	{ "qemu-args web0 vhost yes", "vhost must be one of on, off, not 'yes'" },
	{ "port add vsw0 web0 owner no:body", "owner: there is no user 'no:body'" },
	{ "port add vsw0 web0 group 4294967295", "group: there is no group '4294967295'" },
	{ "port add vsw0 veth0 mac-limit 16777217", "from 0 to 16777216" },
	{ "port add vsw0 veth0 group-forward 10", "group-forward must be none, all or a list of 00 to 0f, stp, pause, lacp, pae, lldp, not '10'" },
	{ "port add vsw0 veth0 group-forward ,", "group-forward must be" },
	{ "port add vsw0 veth0 group-forward 0e,", "not '0e,'" },
	{ "port add vsw0 veth0 group-forward none,0e", "not 'none,0e'" },
	{ "port add vsw0 veth0 group-forward ", "not ''" },
	{ "port add vsw0 veth0 group-host 00e", "not '00e'" },
	{ "port set veth0 flood flat", "flood must be none, all or a list of unicast, multicast, broadcast, not 'flat'" },
	{ "port set veth0 flood unicast,", "not 'unicast,'" },
	{ "port set veth0 flood unicast,none", "not 'unicast,none'" },
	{ "port set veth0 flood uni", "not 'uni'" },
	{ "port set veth0 flood 1", "not '1'" },
	{ "port set veth0 mtu 67", "from 68 to 65535" },
	{ "port set veth0 community 65535", "community must be a whole number from 0 to 65534" },
	{ "port set veth0 storm-unicast 100000001", "from 0 to 100000000" },
	{ "port set veth0 mcast-router on", "mcast-router must be one of auto, never, always, not 'on'" },
	{ "port set veth0 mcast-limit 4097", "from 0 to 4096" },
	{ "switch add vsw0 mcast-query-interval 9", "from 10 to 125" },
	{ "mdb add vsw0 239.1.1 dev veth0", "GROUP must be an address like 239.1.1.1 or ff05::1, not '239.1.1'" },
	{ "mdb add vsw0 ::ffff:239.1.1.1 dev veth0", "not '::ffff:239.1.1.1'" },
	{ "mdb add vsw0 ff05::1", "dev is missing" },
	{ "port set veth0 bpdu-guard on", "bpdu-guard must be one of off, drop, quarantine" },
	{ "port set", "DEV is missing" },
	{ "port set veth0", "there is nothing to change" },
	{ "port set veth0 role guest role guest", "'role' is given twice" },
	{ "port del", "DEV is missing" },
	{ "port show veth0 switch vsw0", "'switch' does not go with DEV" },
	{ "port show switch vsw0 veth0", "'veth0' does not go with switch" },
	{ "port show switch", "'switch' needs a value (SWITCH)" },
	{ "fdb show vsw0 vlan 4095", "vlan must be a whole number from 0 to 4094" },
	{ "fdb show vsw0 type foo", "type must be one of dynamic, static, local, sticky" },
	{ "fdb add vsw0", "MAC is missing" },
	{ "fdb add vsw0 02:00:00:00:00:01", "dev is missing" },
	{ "fdb add vsw0 02:00:00:00:00:01 dev veth0 vlan 65546", "not '65546'" },
	{ "fdb add vsw0 02:00:00:00:00:01 dev veth0 stuck", "unknown word 'stuck'" },
	{ "fdb add vsw0 02:00:00:00:00:01 dev veth0 static sticky", "'sticky' does not go with static" },
	{ "fdb add vsw0 file", "'file' needs a value" },
	{ "fdb add vsw0 file ", "file is empty" },
	{ "fdb add vsw0 nonsense dev veth0", "MAC must be six octets" },
	{ "fdb del vsw0", "MAC is missing" },
	{ "fdb get vsw0", "MAC is missing" },
	{ "fdb flush", "SWITCH is missing" },
	{ "stats show a switch b", "does not go with" },
	{ "drops show all all", "'all' is given twice" },
	{ "drops show veth0 every", "unknown word 'every'" },
	{ "monitor vlan", "unknown word 'vlan'" },
	{ "monitor fdb fdb", "'fdb' is given twice" },
	{ "version 2", "unknown word '2'" },
	{ "help foo", "there is no command 'foo'" },
	{ "help port foo", "there is no command 'port foo'" },
};

static void test_bad_words(void)
{
	char name[256];
	size_t i;
	int err;

	for (i = 0; i < sizeof(bad_words) / sizeof(bad_words[0]); i++) {
		reset();
		err = run(bad_words[i].line);
		snprintf(name, sizeof(name), "refuses: %s", bad_words[i].line);
		check(err == ST_USAGE && strstr(err_text_, bad_words[i].says) && !*out_text_ &&
		      !*requests, name, "# status %d, said:\n%s\n", err, err_text_);
	}
}

static const struct { const char *line, *sends; } good_words[] = {
	{ "switch add vsw0",
	  "newlink create {\"name\":\"vsw0\",\"linkinfo\":{\"kind\":\"vswitch\"}}\n" },
	{ "switch add 123456789012345 ageing 0 fdb-limit 16777216 port-limit 4095 mtu 9000 address 02:00:00:0a:0B:0c",
	  "newlink create {\"name\":\"123456789012345\",\"mtu\":9000,\"address\":\"02:00:00:0a:0b:0c\","
	  "\"linkinfo\":{\"kind\":\"vswitch\",\"data\":{\"ageing\":0,\"fdb-limit\":16777216,\"port-limit\":4095}}}\n" },
	{ "switch add ageing ageing 5",
	  "newlink create {\"name\":\"ageing\",\"linkinfo\":{\"kind\":\"vswitch\",\"data\":{\"ageing\":5}}}\n" },
	{ "switch show all", "switch-get {\"name\":\"all\"}\n" },
	{ "port set veth0 role guest", "port-set {\"name\":\"veth0\",\"role\":\"guest\"}\n" },
	{ "port set veth0 flood broadcast,unicast",
	  "port-set {\"name\":\"veth0\",\"flood\":\"unicast,broadcast\"}\n" },
	{ "port set veth0 flood all", "port-set {\"name\":\"veth0\",\"flood\":\"all\"}\n" },
	{ "port set veth0 flood none", "port-set {\"name\":\"veth0\",\"flood\":\"none\"}\n" },
	{ "port set veth0 mtu 9000", "port-set {\"name\":\"veth0\",\"mtu\":9000}\n" },
	{ "port set veth0 hairpin on", "port-set {\"name\":\"veth0\",\"hairpin\":true}\n" },
	{ "port set veth0 isolated off community 65534",
	  "port-set {\"name\":\"veth0\",\"isolated\":false,\"community\":65534}\n" },
	{ "port set veth0 storm-broadcast 100 role guest bpdu-guard drop",
	  "port-set {\"name\":\"veth0\",\"role\":\"guest\",\"guard\":{\"bpdu-guard\":\"drop\","
	  "\"storm-broadcast\":100}}\n" },
	{ "port add vsw0 veth0 role uplink learning off mac-limit 0 group-forward lldp,3,0f group-host none",
	  "port-new {\"switch-name\":\"vsw0\",\"name\":\"veth0\",\"role\":\"uplink\",\"learning\":false,"
	  "\"mac-limit\":0,\"group-forward\":49160,\"group-host\":0}\n" },
	{ "port add vsw0 web0 type tap queues 16 owner root group 0 address 02:00:00:00:00:01",
	  "port-new {\"switch-name\":\"vsw0\",\"name\":\"web0\",\"type\":\"tap\",\"queues\":16,"
	  "\"owner\":0,\"group\":0,\"address\":\"02:00:00:00:00:01\"}\n" },
	{ "port add vsw0 in0 type internal",
	  "port-new {\"switch-name\":\"vsw0\",\"name\":\"in0\",\"type\":\"internal\"}\n" },
	{ "port set veth0 locked on", "port-set {\"name\":\"veth0\",\"locked\":true}\n" },
	{ "port set veth0 group-host all", "port-set {\"name\":\"veth0\",\"group-host\":65535}\n" },
	{ "port del veth0", "port-del {\"name\":\"veth0\"}\n" },
	{ "port show", "port-get dump {}\n" },
	{ "port show veth0", "port-get {\"name\":\"veth0\"}\n" },
	{ "port show switch vsw0", "port-get dump {\"switch-name\":\"vsw0\"}\n" },
	{ "switch show", "switch-get dump {}\n" },
	{ "switch show vsw0", "switch-get {\"name\":\"vsw0\"}\n" },
	{ "fdb show", "fdb-get dump {}\n" },
	{ "fdb show vsw0 vlan 0 port veth0 type static",
	  "fdb-get dump {\"switch-name\":\"vsw0\",\"vlan\":0,\"port-name\":\"veth0\",\"type\":\"static\"}\n" },
	{ "fdb show vlan 4094", "fdb-get dump {\"vlan\":4094}\n" },
	{ "fdb add vsw0 02:00:00:00:00:01 dev veth0",
	  "fdb-add {\"switch-name\":\"vsw0\",\"entry\":[{\"mac\":\"02:00:00:00:00:01\",\"port-name\":\"veth0\"}]}\n" },
	{ "mdb add vsw0 239.1.1.1 dev veth0 vlan 5",
	  "mdb-add {\"switch-name\":\"vsw0\",\"entry\":[{\"group\":\"239.1.1.1\",\"port-name\":\"veth0\",\"vlan\":5}]}\n" },
	{ "mdb del vsw0 ff05::1:3 dev veth0",
	  "mdb-del {\"switch-name\":\"vsw0\",\"entry\":[{\"group\":\"ff05::1:3\",\"port-name\":\"veth0\"}]}\n" },
	{ "port set veth0 mcast-router auto mcast-limit 0",
	  "port-set {\"name\":\"veth0\",\"mcast\":{\"mcast-router\":\"auto\",\"mcast-limit\":0}}\n" },
	{ "fdb add vsw0 02:00:00:00:00:01 sticky dev veth0",
	  "fdb-add {\"switch-name\":\"vsw0\",\"entry\":[{\"mac\":\"02:00:00:00:00:01\",\"port-name\":\"veth0\","
	  "\"type\":\"sticky\"}]}\n" },
	{ "fdb add vsw0 02:00:00:00:00:01 vlan 5 static dev veth0 replace",
	  "fdb-add {\"switch-name\":\"vsw0\",\"replace\":true,\"entry\":[{\"mac\":\"02:00:00:00:00:01\",\"port-name\":\"veth0\",\"vlan\":5}]}\n" },
	{ "fdb del vsw0 02:00:00:00:00:01 vlan 5",
	  "fdb-del {\"switch-name\":\"vsw0\",\"entry\":[{\"mac\":\"02:00:00:00:00:01\",\"vlan\":5}]}\n" },
	{ "fdb get vsw0 02:00:00:00:00:01",
	  "fdb-get {\"switch-name\":\"vsw0\",\"entry\":[{\"mac\":\"02:00:00:00:00:01\"}]}\n" },
	{ "fdb flush vsw0 port veth0 vlan 7 type dynamic",
	  "fdb-flush {\"switch-name\":\"vsw0\",\"vlan\":7,\"port-name\":\"veth0\",\"type\":\"dynamic\"}\n" },
	{ "stats show", "port-get dump {}\n" },
	{ "drops show switch vsw0 all", "port-get dump {\"switch-name\":\"vsw0\"}\n" },
	{ "-jp version", "" },
	{ "help", "" },
	{ "help fdb add", "" },
	{ "-h", "" },
	{ "--help", "" },
	{ "-V", "" },
	{ "--version", "" },
};

static void test_good_words(void)
{
	char name[256];
	size_t i;
	int err;

	for (i = 0; i < sizeof(good_words) / sizeof(good_words[0]); i++) {
		reset();
		err = run(good_words[i].line);
		snprintf(name, sizeof(name), "sends: %s", good_words[i].line);
		check(!err && !strcmp(requests, good_words[i].sends) && !*err_text_, name,
		      "# status %d, sent:\n%s# said:\n%s\n", err, requests, err_text_);
	}
}

/* ---- help and completion ---- */

static bool explains(const char *text, const struct arg *a)
{
	char begin[64];
	const char *line;

	snprintf(begin, sizeof(begin), "\n  %s ", a->word ?: a->value);
	line = strstr(text, begin);
	/* What is wider than its column is followed by the text. */
	return line && strcspn(line + 1, "\n") > 21 &&
	       (isupper((unsigned char)line[22]) || line[21] != ' ');
}

static void test_help(void)
{
	char title[64], line[128], name[256];
	const struct cmd *c;
	const struct arg *a;

	for (c = cmds; c->noun; c++) {
		snprintf(line, sizeof(line), "help %s", cmd_title(c, title, sizeof(title)));
		for (a = c->args; !c->hidden && (a->word || a->value); a++) {
			run(line);
			snprintf(name, sizeof(name), "%s explains %s", line, a->word ?: a->value);
			check(explains(out_text_, a), name, "# said:\n%s", out_text_);
		}
	}
	run("help port set");
	check_text("help speaks of words, not of numbers", out_text_,
		   "vswctl port set DEV [switch SWITCH] [role guest|host|uplink] [mtu N] [learning on|off] [mac-limit N] "
		   "[group-forward GROUPS] [group-host GROUPS] [locked on|off] [sticky on|off] [flood KINDS] [hairpin on|off] "
		   "[isolated on|off] [community N] [bpdu-guard off|drop|quarantine] "
		   "[storm-unicast N] [storm-multicast N] [storm-broadcast N] "
		   "[storm-guard drop|quarantine] [loop-detect on|off] [stp-state forwarding|learning|blocking] [quarantine on|off] "
		   "[mcast-router auto|never|always] [mcast-fast-leave on|off] [mcast-limit N] "
		   "[access VID | trunk LIST | dot1q-tunnel VID | no-vlan] "
		   "[native VID] [service LIST] [translate A:B,...] [trunk-add LIST] [trunk-del LIST]\n"
		   "  Change settings of a port.\n"
		   "  DEV                Name of the port in the network namespace of its switch.\n"
		   "  switch SWITCH      Its switch. Only needed for the host port of a switch that is a port of another one, too.\n"
		   "  role               What the port is attached to. guest by default.\n"
		   "    guest            A virtual machine or container (mac-limit 4096).\n"
		   "    host             A further leg of the host itself (no mac-limit).\n"
		   "    uplink           The physical network (no mac-limit). A frame never goes from one uplink to another.\n"
		   "  mtu N              MTU of the device. As it is by default; that of the switch for one that is made. (68 to 65535)\n"
		   "  learning on|off    Whether source addresses are learned. on by default.\n"
		   "  mac-limit N        Largest number of entries that are learned; 0, no limit. By default that of the role. (0 to 16777216)\n"
		   "  group-forward GROUPS Reserved group addresses that are forwarded. none by default.\n"
		   "  group-host GROUPS  Reserved group addresses that the host gets. All but pause by default.\n"
		   "  locked on|off      Whether only stations that are entries of the port may send. off by default.\n"
		   "  sticky on|off      Whether addresses that are learned stay at the port for ever. off by default.\n"
		   "  flood KINDS        Frames that leave by the port when they are flooded: none, all or a list. all by default.\n"
		   "    unicast          To one station whose port is not known.\n"
		   "    multicast        To a group.\n"
		   "    broadcast        To all.\n"
		   "  hairpin on|off     Whether frames may leave by the port they came in by. off by default.\n"
		   "  isolated on|off    Whether it speaks to promiscuous ports only: those neither isolated nor in a community. off by default.\n"
		   "  community N        It speaks to ports of the same community, and to promiscuous ones; 0, all (the default). (0 to 65534)\n"
		   "  bpdu-guard         What becomes of spanning tree frames (BPDUs) that come in, unless group-forward has them forwarded. drop by default for guests, off for other roles.\n"
		   "    off              What group-forward and group-host of the port say.\n"
		   "    drop             They are dropped.\n"
		   "    quarantine       They are dropped, and the port is quarantined.\n"
		   "  storm-unicast N    Largest number of frames per second that come in for one station whose port is not known; 0, no limit. 20000 by default for guests, 0 for other roles. (0 to 100000000)\n"
		   "  storm-multicast N  Largest number of frames per second that come in for a group; 0, no limit. 100000 by default for guests, 0 for other roles. (0 to 100000000)\n"
		   "  storm-broadcast N  Largest number of frames per second that come in for all; 0, no limit. 2000 by default for guests, 0 for other roles. (0 to 100000000)\n"
		   "  storm-guard        What becomes of frames above the storm limits, and of the port. drop by default.\n"
		   "    drop             They are dropped.\n"
		   "    quarantine       They are dropped, and the port is quarantined when there were some in five seconds in a row.\n"
		   "  loop-detect on|off Whether probes are sent out of it; when one comes back, a guest's port in the loop is quarantined. off by default.\n"
		   "  stp-state          What a spanning tree daemon wants of the port. forwarding by default.\n"
		   "    forwarding       Frames go through it.\n"
		   "    learning         Addresses are learned, and nothing goes through it.\n"
		   "    blocking         Nothing is learned, and nothing goes through it.\n"
		   "  quarantine on|off  Whether it is in quarantine: on puts it there until off, and off takes it out.\n"
		   "  mcast-router       Whether there is a multicast router. auto by default: when one is heard; never for guests.\n"
		   "    auto             There is while one is heard (a query, or a hello of PIM).\n"
		   "    never            There is none, and what sounds like one is not believed.\n"
		   "    always           There is; the port gets all groups.\n"
		   "  mcast-fast-leave on|off Whether who leaves a multicast group is the last one there. off by default.\n"
		   "  mcast-limit N      Largest number of multicast groups that hosts join; 0, no limit. 256 for guests by default. (0 to 4096)\n"
		   "  access VID         In this VLAN, whose frames are untagged on the wire. (1 to 4094)\n"
		   "  trunk LIST         In these VLANs, whose frames are tagged on the wire; or all.\n"
		   "  dot1q-tunnel VID   In this service VLAN, which carries the frames with all 802.1Q tags of the customer's. (1 to 4094)\n"
		   "  no-vlan            In no VLAN, as a new port is.\n"
		   "  native VID         Of a trunk: VLAN of untagged frames. None by default. (1 to 4094)\n"
		   "  service LIST       Of a trunk: VLANs with IEEE 802.1ad tags.\n"
		   "  translate A:B,...  Of a trunk: VLAN B of the switch is A in tags.\n"
		   "  trunk-add LIST     Of a trunk: VLANs that it is to have as well.\n"
		   "  trunk-del LIST     Of a trunk: VLANs of its list that it is to leave.\n"
		   "  GROUPS             none, all, or a comma-separated list of 00 to 0f, stp, pause, lacp, pae, lldp\n");
}

/* Help is given wherever it is asked for, and nothing else is done. */
static void test_late_help(void)
{
	static const struct { const char *line, *same; } helps[] = {
		{ "port --help", "help port" },
		{ "port add --help", "help port add" },
		{ "port add vsw0 veth0 role -h", "help port add" },
		{ "port add -j -h", "help port add" },
		{ "-h port add", "help port add" },
		{ "fdb add vsw0 file x -h", "help fdb add" },
		{ "monitor fdb --help", "help monitor" },
		{ "--help", "help" },
	};
	char name[128], *want;
	size_t i;

	reset();
	for (i = 0; i < sizeof(helps) / sizeof(helps[0]); i++) {
		run(helps[i].same);
		want = strdup(out_text_);
		snprintf(name, sizeof(name), "helps: %s", helps[i].line);
		check(!run(helps[i].line) && !strcmp(out_text_, want) && *want && !*requests,
		      name, "# said:\n%s%s\n", out_text_, err_text_);
		free(want);
	}
}

static void test_version(void)
{
	static const char *const same[] = { "-V", "--version", "-V switch show" };
	char name[64], *want;
	size_t i;

	reset();
	run("version");
	want = strdup(out_text_);
	check(!strncmp(want, "vswctl ", 7), "prints its version", "# %s", want);
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		run(same[i]);
		snprintf(name, sizeof(name), "prints its version: %s", same[i]);
		check_text(name, out_text_, want);
	}
	run("-jV");
	check(!strncmp(out_text_, "{\"vswctl\":", 10), "prints it as JSON", "# %s", out_text_);
	free(want);
}

static struct nl_msg *named_port(const struct nlmsghdr *req, const char *name, int number)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_PORT_GET);

	nla_put_string(msg, VSWITCH_A_PORT_NAME, name);
	nla_put_u32(msg, VSWITCH_A_PORT_NUMBER, number);
	return msg;
}

static struct nl_msg *two_ports(const struct nlmsghdr *req)
{
	push_msg(named_port(req, "vsw0", 0));
	push_msg(named_port(req, "a\x1b[2J", 2));
	push_msg(named_port(req, "a\xff", 3));
	return named_port(req, "veth0", 1);
}

static void test_complete_names(void)
{
	static const struct { const char *line, *prints; } names[] = {
		{ "complete port del ", "veth0\n" },
		{ "complete port set ", "vsw0\nveth0\n" },
		{ "complete stats show ", "vsw0\nveth0\nswitch\n" },
		{ "complete fdb show vsw0 port ", "vsw0\nveth0\n" },
		{ "complete fdb add vsw0 02:00:00:00:00:01 dev ", "vsw0\nveth0\n" },
	};
	char name[128];
	size_t i;

	reset();
	answer = two_ports;
	family_known = true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		run(names[i].line);
		snprintf(name, sizeof(name), "offers ports: %s", names[i].line);
		check_text(name, out_text_, names[i].prints);
	}
	answer = a_switch;
	run("complete switch del ");
	check_text("offers switches", out_text_, "vsw0\n");
	family_known = false;
	if (!access("/sys/module/vswitch", F_OK))
		return;
	run("complete switch del ");
	check_text("asks nothing of a module that is not there", requests, "");
}

#define GUARD_WORDS "bpdu-guard\nstorm-unicast\nstorm-multicast\nstorm-broadcast\n" \
	"storm-guard\nloop-detect\nstp-state\nquarantine\n"
#define MCAST_WORDS "mcast-router\nmcast-fast-leave\nmcast-limit\n"
#define VLAN_WORDS "access\ntrunk\ndot1q-tunnel\nno-vlan\nnative\nservice\ntranslate\n"

static void test_complete(void)
{
	reset();
	run("complete port set veth0 ");
	check_text("completes words of a command", out_text_,
		   "switch\n" "role\nmtu\nlearning\nmac-limit\ngroup-forward\ngroup-host\nlocked\nsticky\nflood\nhairpin\n"
		   "isolated\ncommunity\n" GUARD_WORDS MCAST_WORDS VLAN_WORDS "trunk-add\ntrunk-del\n");
	run("complete -jp port set veth0 learning off role ");
	check_text("completes choices", out_text_, "guest\nhost\nuplink\n");
	run("complete port set veth0 group-host ");
	check_text("completes names of groups", out_text_, "none\nall\nstp\npause\nlacp\npae\nlldp\n");
	run("complete port set veth0 trunk ");
	check_text("completes the one word for a list", out_text_, "all\n");
	run("complete stats ");
	check_text("completes a noun with one verb", out_text_, "show\n");
	run("complete port set veth0 access 10 ");
	check_text("offers no second setting of VLANs", out_text_,
		   "switch\n" "role\nmtu\nlearning\nmac-limit\ngroup-forward\ngroup-host\nlocked\nsticky\nflood\nhairpin\n"
		   "isolated\ncommunity\n" GUARD_WORDS MCAST_WORDS "native\nservice\ntranslate\n"
		   "trunk-add\ntrunk-del\n");
	run("complete port add a b learning off mac");
	check_text("leaves out what was given", out_text_, "type\nqueues\nowner\ngroup\naddress\n"
		   "role\nmtu\nmac-limit\ngroup-forward\ngroup-host\nlocked\nsticky\nflood\nhairpin\n"
		   "isolated\ncommunity\n" GUARD_WORDS MCAST_WORDS VLAN_WORDS);
	run("complete fdb ");
	check_text("completes verbs", out_text_, "show\nget\nadd\ndel\nflush\n");
	run("complete fdb add vsw0 ");
	check_text("knows both forms of a command", out_text_, "file\n");
	check(!run("complete"), "completes nothing", "");
	run("complete -b x ");
	check_text("completes nothing beside a batch", out_text_, "");
	run("complete -n no/such/name port add vsw0 ");
	check_text("completes nothing in a namespace that is not there", out_text_, "");
}

/* The words are allocated one by one: nothing is read before an empty one. */
static void test_complete_empty(void)
{
	char *argv[] = { strdup("-x"), strdup(""), strdup("") };
	struct ctx ctx = { .out = { .out = stdout } };
	unsigned int i;

	ctx.out.err = fopen("/dev/null", "w");
	nlx_init(&ctx.nl, &ctx.out);
	check(!vswctl_complete(&ctx, 3, argv), "completes nothing after wrong options", "");
	fclose(ctx.out.err);
	for (i = 0; i < 3; i++)
		free(argv[i]);
}

void test_words(void)
{
	test_bad_words();
	test_good_words();
	test_help();
	test_late_help();
	test_version();
	test_complete();
	test_complete_empty();
	test_complete_names();
	reset();
}
