# SPDX-License-Identifier: GPL-2.0
#
# What can be made; "make help" lists it.  Kbuild has the module's files.

VERSION	:= $(shell sed -n 's/^.define VSW_VERSION\t"\(.*\)"/\1/p' kmod/vsw.h)

# The kernel to build for: its release, and where its headers are.
KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build
# Every kernel has a folder of its own below build/, full of links to the
# sources, so that objects of one kernel never meet those of another.
OUT	:= build/$(KVER)

PREFIX	?= /usr/local
MODDIR	?= /lib/modules/$(KVER)/updates

# Headers that are installed on this machine, for "modules-all".
HEADERS	:= $(patsubst /usr/src/linux-headers-%,%,$(wildcard /usr/src/linux-headers-*-amd64))

all: modules tool		## the module for the running kernel (or KVER=) and vswctl

help:				## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

modules:			## the module alone
	@test -d $(KDIR) || { echo "No kernel headers in $(KDIR): install linux-headers-$(KVER), or give KDIR=" >&2; exit 1; }
	@mkdir -p $(OUT)
	+@flock $(OUT) $(MAKE) --no-print-directory modules-locked

# Two builds for one kernel at the same time would spoil each other.
modules-locked:
	@find $(OUT) -type l -delete
	@cp -rs $(CURDIR)/Kbuild $(CURDIR)/kmod $(CURDIR)/uapi $(OUT)/
	+@$(MAKE) --no-print-directory -C $(KDIR) M=$(CURDIR)/$(OUT) modules

# What selftests/bench measures with; never installed.
bench-module: modules
	+@flock $(OUT) $(MAKE) --no-print-directory bench-module-locked

bench-module-locked:
	@mkdir -p $(OUT)/bench
	@cp -rsf $(CURDIR)/selftests/bench/kmod/. $(OUT)/bench/
	+@$(MAKE) --no-print-directory -C $(KDIR) M=$(CURDIR)/$(OUT)/bench modules
	@$(CC) -O2 -Wall -Wextra -static -o $(OUT)/bench/syscalls selftests/bench/syscalls.c
	@$(CC) -O2 -Wall -Wextra -static -Iselftests/vhost -o $(OUT)/bench/ends \
		selftests/bench/ends.c selftests/vhost/guest.c

# One after the other: kbuild runs in parallel by itself.
modules-all:			## the module for every kernel whose headers are installed
	@test -n "$(HEADERS)" || { echo "No kernel headers in /usr/src" >&2; exit 1; }
	@for k in $(HEADERS); do \
		$(MAKE) --no-print-directory bench-module KVER=$$k KDIR=/usr/src/linux-headers-$$k || exit 1; \
	done

tool:				## vswctl alone
	+$(MAKE) -C ctl

install: install-modules install-tool	## everything; DESTDIR, PREFIX, KVER, IP_LIB_DIR

install-modules: modules	## the module, below /lib/modules
	install -D -m 644 $(OUT)/vswitch.ko $(DESTDIR)$(MODDIR)/vswitch.ko
	$(if $(DESTDIR),,depmod $(KVER))

install-tool:			## vswctl, its man page, its completion, what ip(8) loads
	+$(MAKE) -C ctl install install-iproute2 DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)

uninstall: uninstall-modules uninstall-tool	## remove what install put there; the same variables

uninstall-modules:		## remove the module
	rm -f $(DESTDIR)$(MODDIR)/vswitch.ko
	$(if $(DESTDIR),,depmod $(KVER))

uninstall-tool:			## remove vswctl and what came with it
	+$(MAKE) -C ctl uninstall uninstall-iproute2 DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)

dkms:				## register the module with DKMS
	rm -rf $(DESTDIR)/usr/src/vswitch-$(VERSION)
	mkdir -p $(DESTDIR)/usr/src/vswitch-$(VERSION)
	cp -r Kbuild Makefile kmod uapi dkms.conf COPYING $(DESTDIR)/usr/src/vswitch-$(VERSION)/
	$(if $(DESTDIR),,dkms add vswitch/$(VERSION) && dkms install vswitch/$(VERSION))

deps:				## install what building and checking needs (apt)
	selftests/deps.sh all

regen:				## write what is generated from the spec
	selftests/checks/regen.sh

check:				## everything that can be checked, with a total at the end
	selftests/check.sh

kunit:				## the unit tests, in User-Mode Linux
	selftests/kunit/run.sh

# KERNEL=6.1 or 6.12, FLAVOUR=amd64 or cloud-amd64, T=name of one script, FULL=1.
selftest: modules-all tool	## the selftests in a virtual machine: KERNEL=, FLAVOUR=, T=, FULL=1
	selftests/vm/selftest.sh T="$(or $(T),all)"

shell: modules-all tool		## a prompt in a virtual machine with the module loaded
	selftests/vm/shell.sh

# TIME is shared by the fuzzers: 90, 10m or 1h.
fuzz:				## all fuzzers with new seeds: TIME= (10m)
	selftests/fuzz/all.sh $(or $(TIME),10m)

cov:				## which lines of the module and of vswctl the tests reach
	selftests/cov/run.sh

bench: modules-all tool		## what frames, large tables and many ports cost, this switch and its peers
	selftests/bench/bench.sh

bench-docs: modules-all tool	## the same, and its figures and plots into Documentation/performance.md
	selftests/bench/bench.sh --docs

faults:				## seeded faults, each of which a lane has to find
	selftests/faults/run.sh

demo:				## two guests talking through a switch; KEEP=1 stays up
	selftests/demo/demo.sh

clean-modules:			## remove built modules
	rm -rf build

clean: clean-modules		## remove what was built
	+$(MAKE) -C ctl clean

.PHONY: all help modules modules-locked bench-module bench-module-locked modules-all tool install install-modules install-tool \
	uninstall uninstall-modules uninstall-tool dkms deps regen check kunit selftest shell fuzz \
	cov bench bench-docs faults demo clean clean-modules
