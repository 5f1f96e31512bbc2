# SPDX-License-Identifier: GPL-2.0
#
# The targets for users and developers. The kernel's build system reads Kbuild.

# The architecture of the test kernel: x86_64, arm64 or um.
ARCH ?= x86_64
export ARCH

# The build folder and the sources are not for the user of this Makefile to set.
MAKEOVERRIDES := $(filter-out O=% KBUILD_OUTPUT=% M=% MO=%,$(MAKEOVERRIDES))

.DELETE_ON_ERROR:
# Targets are made in the order in which they are named: modules before modules_install.
.NOTPARALLEL:
.PHONY: all help modules modules_install headers_install install-dropin uninstall-dropin
.PHONY: setup run test test-full check proofs htmldocs bench bench-arm64 bench-kernel clean
.PHONY: deb test-distro
.PHONY: menuconfig nconfig oldconfig olddefconfig defconfig savedefconfig allmodconfig

all: modules

help:
	@echo 'Use it:'
	@echo '  run              boot the test kernel, compute the tags of FILES="a b c" with the device'
	@echo '                   and compare them with openssl; KEY=64 hex digits, ARCH=x86_64|arm64'
	@echo '  modules          build the modules (the default)'
	@echo '  modules_install  install them in the kernel'\''s module folder'
	@echo '  headers_install  install in INSTALL_HDR_PATH= what out-of-tree callers need to build,'
	@echo '                   such as copies of callers/template_*'
	@echo '  install-dropin   install a libpoly1305 that runs the kernel'\''s own users (WireGuard, TLS, ...)'
	@echo '                   on the library, in place of the kernel'\''s (docs/dropin.md)'
	@echo '  uninstall-dropin remove it again'
	@echo '  menuconfig, nconfig, oldconfig, olddefconfig, defconfig, savedefconfig, allmodconfig'
	@echo '                   choose the modules to build'
	@echo '  htmldocs         HTML of the headers'\'' kernel-doc comments, in build/htmldocs'
	@echo '  deb              build Debian packages with the sources, for DKMS, in build/deb'
	@echo '  clean            remove build results; the test kernels stay in the cache'
	@echo 'Test it:'
	@echo '  test             all tests: lints, proofs, host tests, KUnit suites, guests'
	@echo '  test-full        also all proofs, stress and random calls under a debug kernel, other kernels, fuzzing, throughput'
	@echo '  test-distro      the packages on Debian'\''s own kernels: installed, booted, upgraded, removed'
	@echo '  check            the lints and checks of the built modules'
	@echo '  proofs           proofs about the machine code of the modules; NAMES= tests as unittest names them'
	@echo 'Measure it:'
	@echo '  bench            cycles on this machine, compared with the kernel'\''s own code, crates and'
	@echo '                   installed libraries; tables, and plots in bench/out; BENCH_REPS=501 repetitions,'
	@echo '                   BENCH_SIZES=16,64,... lengths, BENCH_CC=gcc compiler for the kernel'\''s C'
	@echo '  bench-arm64      instructions on arm64, counted in QEMU, compared with the kernel'\''s own code;'
	@echo '                   cycles of the loops, modelled by llvm-mca; BENCH_SIZES=16,64,... lengths'
	@echo '  bench-kernel     costs of a call in user-mode Linux, by implementation, and on two CPUs'
	@echo 'Set it up (the other targets do this as far as they need it):'
	@echo '  setup            install packages and tools, fetch the kernel source, build the test kernels'
	@echo 'Variables:'
	@echo '  KDIR=            kernel build folder; default: the test kernel of ARCH'
	@echo '  KSRC= KVER=      kernel source tree, or version series (or newest), for the test kernels'
	@echo '  RUSTC= BINDGEN= LLVM=  tools; LLVM is a version suffix such as -19'
	@echo '  INSTALL_MOD_PATH=      root folder for modules_install and install-dropin'
	@echo '  INSTALL_HDR_PATH=      folder for headers_install, one for each kernel'
	@echo '  SETUP=no         install, fetch and build nothing that is missing, but say what is'

# KDIR, or the test kernel, which kdir.sh sets up if it is missing.
with_kdir = @kdir=$$(scripts/kdir.sh) &&

modules:
	$(with_kdir) scripts/build.sh "$$kdir"

modules_install:
	$(with_kdir) scripts/build.sh "$$kdir" modules_install

headers_install:
	$(with_kdir) scripts/headers_install.sh "$$kdir" "$(INSTALL_HDR_PATH)"

install-dropin:
	$(with_kdir) scripts/dropin.sh install "$$kdir"

uninstall-dropin:
	$(with_kdir) scripts/dropin.sh uninstall "$$kdir"

menuconfig nconfig oldconfig olddefconfig defconfig savedefconfig allmodconfig:
	$(with_kdir) scripts/config.sh "$$kdir" $@

setup:
	@scripts/setup.sh

run:
	@scripts/run.sh $(FILES)

test:
	@tests/run.sh

test-full:
	@tests/run.sh full

bench-kernel:
	@bench/kernel/run.sh um

check:
	@tests/check.sh

proofs:
	@proofs/run.sh $(NAMES)

deb:
	@packaging/deb.sh

test-distro:
	@tests/distro/run.sh

htmldocs:
	@scripts/htmldocs.sh

bench:
	@bench/compare/run.sh

bench-arm64:
	@bench/instructions/run.sh

clean:
	rm -rf build target bench/out
