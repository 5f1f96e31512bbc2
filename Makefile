# SPDX-License-Identifier: GPL-2.0
#
# For people. The kernel's build system reads Kbuild instead.

# The architecture of the test kernel: x86_64, arm64 or um.
ARCH ?= x86_64
export ARCH

.DELETE_ON_ERROR:
.PHONY: bench-arm64 bench-kernel all modules modules_install headers_install clean help setup run test test-full check bench
.PHONY: install-dropin uninstall-dropin
.PHONY: menuconfig nconfig oldconfig olddefconfig defconfig allmodconfig

all: modules

help:
	@echo 'Use it:'
	@echo '  run              tags of FILES="a b c" by the device in a booted test kernel,'
	@echo '                   compared with openssl; KEY=64 hex digits, ARCH=x86_64|arm64'
	@echo '  modules          build the modules (the default)'
	@echo '  modules_install  install them where the kernel looks for modules'
	@echo '  headers_install  install in INSTALL_HDR_PATH= what modules of your own need to call'
	@echo '                   the library, such as copies of callers/template_*'
	@echo '  install-dropin   have the kernel'\''s own users (WireGuard, TLS, ...) run on the library:'
	@echo '                   a libpoly1305 of ours, which depmod prefers (docs/callers.md)'
	@echo '  uninstall-dropin the way back'
	@echo '  menuconfig, nconfig, oldconfig, olddefconfig, defconfig, allmodconfig'
	@echo '                   choose which, for the next build'
	@echo '  clean            remove what was built here; test kernels stay in the cache'
	@echo 'Test it:'
	@echo '  test             everything: host tests, KUnit suites, lints'
	@echo '  test-full        that, and stress under a debug kernel, symbol versions, the kernel'\''s own users'
	@echo '  check            the lints alone'
	@echo 'Measure it:'
	@echo '  bench            cycles on this machine, beside the kernel'\''s own code and libraries'
	@echo '                   that are installed; tables, and plots in bench/out;'
	@echo '                   BENCH_REPS=501 repetitions, BENCH_SIZES=16,64,... lengths,'
	@echo '                   BENCH_CC=gcc for the kernel'\''s C'
	@echo '  bench-arm64      instructions for arm64, counted in QEMU, beside the kernel'\''s own code;'
	@echo '                   cycles of the loops, modelled by llvm-mca; BENCH_SIZES=16,64,... lengths'
	@echo '  bench-kernel     the library in user-mode Linux: each implementation, calls, two CPUs'
	@echo 'Prepare it (the targets above do as far as they need it):'
	@echo '  setup            packages, toolchain, kernel source and test kernels'
	@echo 'Variables:'
	@echo '  KDIR=            kernel build folder; default: the test kernel of ARCH'
	@echo '  KSRC= KVER=      kernel source tree, or series, for the test kernels'
	@echo '  RUSTC= BINDGEN= LLVM=  tools; LLVM is a suffix such as -19'
	@echo '  INSTALL_MOD_PATH=      root for modules_install'
	@echo '  INSTALL_HDR_PATH=      folder for headers_install, one for each kernel'
	@echo '  SETUP=no         install and build nothing that is missing'

# KDIR, or the test kernel: asking for that may build it.
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

menuconfig nconfig oldconfig olddefconfig defconfig allmodconfig:
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

bench:
	@bench/compare/run.sh

bench-arm64:
	@bench/instructions/run.sh

clean:
	rm -rf build target bench/out
