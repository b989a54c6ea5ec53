/** Keywords of the globals and of small blocks: `keyword | since | arguments | default | what it sets`, under the block that they stand in. */
export const globalKeywords = `
[]
SSL | 1.0.3 | {}
bfd_instance | 2.0.0 | name {}
child_wait_time | 2.0.0 | 0.. s | 5
garp_group | 1.2.21 | {}
global_defs | 1.0.3 | {}
instance | 1.2.24 | name
interface_up_down_delays | 2.2.3 | []
linkbeat_interfaces | 2.0.13 | []
linkbeat_use_polling | 1.1.18 |  | off
namespace_with_ipsets | 1.3.0 |  | off
net_namespace | 1.2.24 | name
net_namespace_ipvs | 2.1.0 | name? |  | IPVS: network namespace
static_ipaddress | 1.1.0 | [] |  | host: addresses
static_routes | 1.0.3 | [] |  | host: routes
static_rules | 1.2.20 | [] |  | host: rules
track_file | 2.1.0 | name {}
track_group | 2.0.3 | name {}
use_pid_dir | 1.2.24 |  | off
virtual_server | 1.0.3 | address port? / fwmark 0..4294967295 / group name {} |  | IPVS: service
virtual_server_group | 1.0.3 | name [] |  | IPVS: addresses, ports and marks of services
vrrp_instance | 1.0.3 | name {} |  | VRRP: virtual router
vrrp_script | 1.1.13 | name {} |  | VRRP: tracked script
vrrp_sync_group | 1.0.3 | name {} |  | VRRP: instances that move together
vrrp_track_file | 2.0.0 | name {} |  | VRRP: tracked file (old name of track_file)
vrrp_track_process | 2.0.11 | name {} |  | VRRP: tracked process
[global_defs]
bfd_cpu_affinity | 2.0.17 | words
bfd_no_swap | 2.0.0 |  | off
bfd_priority | 2.0.0 | -20..19 | 0
bfd_process_name | 2.0.16 | name | keepalived_bfd
bfd_rlimit_rtime | 2.0.0 | 1.. us | 10000
bfd_rlimit_rttime | 2.1.0 | 1.. us | 10000
bfd_rt_priority | 2.0.0 | 1..99
checker_cpu_affinity | 2.0.17 | words
checker_log_all_failures | 2.0.11 | bool? | off
checker_no_swap | 1.2.20 |  | off
checker_priority | 1.2.20 | -20..19 | 0
checker_process_name | 2.2.0 | name | keepalived_ipvs
checker_rlimit_rtime | 2.0.0 | 1.. us | 10000
checker_rlimit_rttime | 2.1.0 | 1.. us | 10000
checker_rt_priority | 2.0.0 | 1..99
config_save_dir | 2.2.3 | folder
data_use_instance | 2.2.3 | bool? | off
dbus_service_name | 1.3.7 | name | org.keepalived.Vrrp1
default_interface | 1.2.24 | name | eth0 | host: interface of static addresses
disable_local_igmp | 2.2.0 |  | off
dynamic_interfaces | 2.0.0 | allow_if_changes? | off
enable_dbus | 1.3.0 |  | off
enable_script_security | 1.3.0 |  | off
enable_snmp_checker | 1.2.20 |  | off
enable_snmp_keepalived | 1.2.20 |  | off
enable_snmp_rfc | 1.2.20 |  | off
enable_snmp_rfcv2 | 1.2.20 |  | off
enable_snmp_rfcv3 | 1.2.20 |  | off
enable_snmp_vrrp | 2.0.0 |  | off
enable_traps | 1.2.5 |  | off
fifo_write_vrrp_states_on_reload | 2.2.5 |  | off
include_check | 2.2.0 | words
log_unknown_vrids | 2.0.16 |  | off
lvs_flush | 1.2.23 |  | off | IPVS: table emptied at start
lvs_flush_on_stop | 2.2.0 | VS? | off | IPVS: table emptied at the end
lvs_flush_onstop | 2.0.15 | VS? | off | IPVS: table emptied at the end (old name)
lvs_netlink_cmd_rcv_bufs | 2.0.0 | 0.. bytes
lvs_netlink_cmd_rcv_bufs_force | 2.0.0 | bool | off
lvs_netlink_monitor_rcv_bufs | 2.0.0 | 0.. bytes
lvs_netlink_monitor_rcv_bufs_force | 2.0.0 | bool | off
lvs_notify_fifo | 1.3.6 | file user? group?
lvs_notify_fifo_script | 1.3.6 | script user? group?
lvs_process_name | 2.0.16 | name | keepalived_ipvs
lvs_sync_daemon | 1.2.20 | interface [inst] instance? [id 0..255] [maxlen 1..65507] [port 1..65535] [ttl 1..255] [group address] |  | IPVS: sync daemon
lvs_timeouts | 1.2.24 | [tcp 0..] [tcpfin 0..] [udp 0..] s |  | IPVS: timeouts of connections
max_auto_priority | 2.1.0 | -1..99? | 0
min_auto_priority_delay | 2.1.0 | 1..10000000 us | 1000000
nftables | 2.0.11 | table? | keepalived | VRRP: firewall
nftables_counters | 2.0.11 |  | off | VRRP: firewall
nftables_ifindex | 2.0.11 |  | on | VRRP: firewall
nftables_ipvs | 2.2.2 | table? | keepalived_ipvs | IPVS: marks of service groups
nftables_ipvs_priority | 2.2.2 | integer |  | IPVS: marks of service groups
nftables_ipvs_start_fwmark | 2.2.2 | 1..4294967295 | 1000 | IPVS: marks of service groups
nftables_priority | 2.0.11 | integer | -1 | VRRP: firewall
no_checker_emails | 2.0.0 |  | off
no_email_faults | 2.0.0 |  | off
notification_email | 1.0.3 | []
notification_email_from | 1.0.3 | address of mail
notify_fifo | 1.3.6 | file user? group?
notify_fifo_script | 1.3.6 | script user? group?
process_monitor_rcv_bufs | 2.0.11 | 0.. bytes
process_monitor_rcv_bufs_force | 2.0.11 | bool | off
process_name | 2.0.16 | name | keepalived
process_names | 2.0.16 |  | off
random_seed | 2.0.15 | 0..
reload_check_config | 2.2.0 | file? | off
reload_file | 2.2.0 | file?
reload_repeat | 2.1.0 |  | off
reload_time_file | 2.1.0 | file
router_id | 1.1.8 | name | the host's name | host: name in mails
rs_init_notifies | 2.0.0 |  | off
script_user | 1.3.0 | user group? | keepalived_script | host: user of scripts
shutdown_script | 2.1.0 | script user? group?
shutdown_script_timeout | 2.1.0 | 1..1000 s | 10
smtp_alert | 2.0.0 | bool? | off
smtp_alert_checker | 2.0.0 | bool? | off
smtp_alert_vrrp | 2.0.0 | bool? | off
smtp_connect_timeout | 1.0.3 | 0..4294 s | 30
smtp_helo_name | 1.2.20 | name | the host's name
smtp_server | 1.0.3 | address port?
snmp_socket | 1.2.20 | name | unix:/var/agentx/master
startup_script | 2.1.0 | script user? group?
startup_script_timeout | 2.1.0 | 1..1000 s | 10
tmp_config_directory | 2.2.0 | folder
umask | 2.0.9 | words | IWGRP|IWOTH
vmac_addr_prefix | 2.2.0 | name | vmac_prefix
vmac_prefix | 2.2.0 | name | vrrp
vrrp_check_unicast_src | 1.2.20 |  | off | VRRP: only peers are heard
vrrp_cpu_affinity | 2.0.17 | words
vrrp_down_timer_adverts | 2.2.3 | 1..100 | 3 | VRRP: adverts missed until a backup takes over
vrrp_garp_extra_if | 2.2.3 | [all] 1..86400 s |  | VRRP: gratuitous ARP on other interfaces
vrrp_garp_interval | 1.2.21 | 0..4294 s decimal | 0 | VRRP: gap between gratuitous ARPs
vrrp_garp_lower_prio_delay | 1.2.20 | 0..4294 s | garp_master_delay | VRRP: gratuitous ARP
vrrp_garp_lower_prio_repeat | 1.2.20 | 0..2147483647 | garp_master_repeat | VRRP: gratuitous ARP
vrrp_garp_master_delay | 1.2.20 | 0..4294 s | 5 | VRRP: second set of gratuitous ARPs
vrrp_garp_master_refresh | 1.2.20 | 0.. s | 0 | VRRP: gratuitous ARPs repeated
vrrp_garp_master_refresh_repeat | 1.2.20 | 0.. | 1 | VRRP: gratuitous ARPs repeated
vrrp_garp_master_repeat | 1.2.20 | 0.. | 5 | VRRP: gratuitous ARPs in a set
vrrp_gna_interval | 1.2.21 | 0..4294 s decimal | 0 | VRRP: gap between unsolicited advertisements
vrrp_higher_prio_send_advert | 1.3.5 | bool? | off | VRRP: adverts
vrrp_ipsets | 1.2.20 | words |  | VRRP: firewall
vrrp_iptables | 1.2.20 | chain? chain? |  | VRRP: firewall
vrrp_lower_prio_no_advert | 1.2.20 | bool? | off | VRRP: adverts
vrrp_mcast_group4 | 1.2.10 | address | 224.0.0.18 | VRRP: group of adverts
vrrp_mcast_group6 | 1.2.10 | address | ff02::12 | VRRP: group of adverts
vrrp_min_garp | 2.0.12 | bool? | off | VRRP: gratuitous ARP
vrrp_netlink_cmd_rcv_bufs | 2.0.0 | 0.. bytes
vrrp_netlink_cmd_rcv_bufs_force | 2.0.0 | bool | off
vrrp_netlink_monitor_rcv_bufs | 2.0.0 | 0.. bytes
vrrp_netlink_monitor_rcv_bufs_force | 2.0.0 | bool | off
vrrp_no_swap | 1.2.20 |  | off
vrrp_notify_fifo | 1.3.6 | file user? group?
vrrp_notify_fifo_script | 1.3.6 | script user? group?
vrrp_notify_priority_changes | 2.0.16 | bool? | off
vrrp_priority | 1.2.20 | -20..19 | 0
vrrp_process_name | 2.0.16 | name | keepalived_vrrp
vrrp_rlimit_rtime | 2.0.0 | 1.. us | 10000
vrrp_rlimit_rttime | 2.1.0 | 1.. us | 10000
vrrp_rt_priority | 2.0.0 | 1..99
vrrp_rx_bufs_multiplier | 2.0.3 | 1.. | 3
vrrp_rx_bufs_policy | 2.0.3 | MTU|ADVERT|0..
vrrp_skip_check_adv_addr | 1.2.20 | bool? | off | VRRP: addresses of adverts
vrrp_startup_delay | 2.0.14 | 0.001..4294 s decimal | 0 | VRRP: start
vrrp_strict | 1.2.20 |  | off | VRRP: strict mode of every instance
vrrp_version | 1.2.20 | 2|3 | 2 | VRRP: version
vrrp_vmac_garp_intvl | 2.2.0 | [all] 1..86400 s |  | VRRP: gratuitous ARP on other interfaces (old name)
[SSL]
ca | 1.0.3 | file
certificate | 1.0.3 | file
key | 1.0.3 | file
password | 1.0.3 | secret
[garp_group]
garp_interval | 1.2.21 | 0..2147 s decimal |  | VRRP: gap between gratuitous ARPs
gna_interval | 1.2.21 | 0..2147 s decimal |  | VRRP: gap between unsolicited advertisements
interface | 1.2.21 | name
interfaces | 1.2.21 | []
[track_file]
file | 2.1.0 | file
init_file | 2.1.0 | integer? overwrite?
weight | 2.1.0 | -2147483647..2147483647 reverse? | 1 | VRRP: priority
[vrrp_track_file]
file | 2.0.0 | file
init_file | 2.0.0 | integer? overwrite?
weight | 2.0.0 | -2147483647..2147483647 reverse? | 1 | VRRP: priority
[track_group]
group | 2.0.3 | [] |  | VRRP: instances
[bfd_instance]
checker | 2.0.0 |  | off | BFD: events to the checkers alone
hoplimit | 2.0.0 | 1..255 | 64 | BFD: hop limit
idle_tx | 2.0.0 | 1000..10000 ms | 1000 | BFD: interval while down
max_hops | 2.0.0 | -1..255 | 0 | BFD: how far the neighbour may be
min_rx | 2.0.0 | 1..1000 ms | 10 | BFD: required receive interval
min_tx | 2.0.0 | 1..1000 ms | 10 | BFD: desired transmit interval
multiplier | 2.0.0 | 1..10 | 5 | BFD: detection multiplier
neighbor_ip | 2.0.0 | address |  | BFD: neighbour
neighbour_ip | 2.0.0 | address |  | BFD: neighbour
passive | 2.0.0 |  | off | BFD: waits for the neighbour
source_ip | 2.0.0 | address |  | BFD: source address
ttl | 2.0.0 | 1..255 | 255 | BFD: time to live
vrrp | 2.0.0 |  | off | BFD: events to VRRP alone
weight | 2.0.0 | -253..253 reverse? | 0 | VRRP: priority
`;
