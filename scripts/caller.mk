# SPDX-License-Identifier: GPL-2.0
#
# For the Makefile of a module outside of this repository. "make headers_install"
# installs it next to the library's headers and symbols. For the kernel in KDIR it
# defines
#
#	lib_poly1305-make	the kernel's make for the module in this folder,
#				with the library's symbols and the kernel's tools
#
# or stops with a one-line error. The module's Kbuild finds the installed folder in
# LIB_POLY1305.

# Not LIB_POLY1305 itself, which may be a relative path on the command line.
lib_poly1305-folder := $(patsubst %/scripts/caller.mk,%,$(realpath $(lastword $(MAKEFILE_LIST))))
lib_poly1305-again := run "make headers_install KDIR=$(KDIR) INSTALL_HDR_PATH=..." in the folder of lib_poly1305

ifeq ($(wildcard $(KDIR)/include/config/auto.conf),)
$(error there is no built kernel in KDIR="$(KDIR)": set it to the build folder of the kernel that the module is for)
endif
ifeq ($(wildcard $(lib_poly1305-folder)/kernel.mk),)
$(error $(lib_poly1305-folder) does not say for which kernel it is: $(lib_poly1305-again))
endif
ifeq ($(wildcard $(lib_poly1305-folder)/Module.symvers),)
$(error $(lib_poly1305-folder) has no Module.symvers, so the library's symbols are not known: $(lib_poly1305-again))
endif

include $(lib_poly1305-folder)/kernel.mk
lib_poly1305-kdir-release := $(shell cat $(KDIR)/include/config/kernel.release)
ifneq ($(lib_poly1305-release),$(lib_poly1305-kdir-release))
$(error $(lib_poly1305-folder) is for kernel $(lib_poly1305-release), and KDIR="$(KDIR)" is $(lib_poly1305-kdir-release): $(lib_poly1305-again), and set LIB_POLY1305= to that)
endif
ifneq ($(lib_poly1305-config),$(shell cksum <$(KDIR)/include/config/auto.conf))
$(error $(lib_poly1305-folder) is for a kernel $(lib_poly1305-release) of another configuration than the one in KDIR="$(KDIR)": $(lib_poly1305-again), and set LIB_POLY1305= to that)
endif

lib_poly1305-make = $(MAKE) -C $(KDIR) M=$(CURDIR) $(lib_poly1305-tools) \
	KBUILD_EXTRA_SYMBOLS=$(lib_poly1305-folder)/Module.symvers LIB_POLY1305=$(lib_poly1305-folder)
