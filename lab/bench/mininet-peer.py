"""Builds and removes N hosts on one Linux bridge with Mininet; prints the times as JSON.

usage: /usr/bin/python3 mininet-peer.py N    as root of a world of its own; needs Debian's mininet and bridge-utils
"""
import json
import sys
import time

from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import SingleSwitchTopo

hosts = int(sys.argv[1])
start = time.monotonic()
net = Mininet(topo=SingleSwitchTopo(hosts), switch=LinuxBridge, controller=None)
net.start()
up = time.monotonic()
net.stop()
down = time.monotonic()
print(json.dumps({"hosts": hosts, "upMs": (up - start) * 1000, "downMs": (down - up) * 1000}))
