# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# A WireGuard tunnel between the network namespaces a and b, over a pair of
# Ethernet devices, and a file of 1 MiB through it, or of as many as $mib says.

sent=/tmp/sent
received=/tmp/received
nothing=/tmp/nothing
mkdir -p /run
[ -e $nothing ] || busybox mkfifo $nothing
exec 4<>$nothing
dd if=/dev/urandom of=$sent bs=65536 count=$((16 * ${mib:-1})) 2>/dev/null

# end NAME ADDRESS INSIDE: one end of the cable, and of the tunnel in it.
end() {
	wg genkey >"/tmp/key_$1" && wg pubkey <"/tmp/key_$1" >"/tmp/pub_$1" &&
		ip -n "$1" addr add "$2/24" dev "cable_$1" && ip -n "$1" link set "cable_$1" up &&
		ip -n "$1" link add tunnel type wireguard && ip -n "$1" addr add "$3/24" dev tunnel
}

# peer NAME OTHER ADDRESS INSIDE: it knows the other end.
peer() {
	ip netns exec "$1" wg set tunnel private-key "/tmp/key_$1" listen-port 5555 \
		peer "$(cat "/tmp/pub_$2")" endpoint "$3:5555" allowed-ips "$4/32" &&
		ip -n "$1" link set tunnel up
}

# open_tunnel, close_tunnel: between the namespaces a and b.
open_tunnel() {
	modprobe wireguard && modprobe veth &&
		ip netns add a && ip netns add b &&
		ip link add cable_a netns a type veth peer name cable_b netns b &&
		end a 10.0.0.1 10.1.0.1 && end b 10.0.0.2 10.1.0.2 &&
		peer a b 10.0.0.2 10.1.0.2 && peer b a 10.0.0.1 10.1.0.1 &&
		ip netns exec a ping -c 2 -i 0.2 -W 10 10.1.0.2
}

close_tunnel() {
	ip -n a link del tunnel && ip -n b link del tunnel && ip netns del a && ip netns del b
}

# transfer FROM TO ADDRESS: the file through the tunnel.
transfer() {
	rm -f $received
	# nc would end the connection at the end of its input.
	ip netns exec "$2" nc -l -p 5000 >$received <&4 &
	listener=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		! ip netns exec "$1" nc "$3" 5000 <$sent >/dev/null 2>&1 || break
		sleep 0.1
	done
	wait $listener
	cmp $sent $received
}
