/** Keywords of VRRP: `keyword | since | arguments | default | what it sets`, under the block that they stand in. */
export const vrrpKeywords = `
[vrrp_instance]
accept | 1.2.17 |  | on | VRRP: packets to the VIP are taken
advert_int | 1.0.3 | 0.01..255 s decimal | 1 | VRRP: interval of adverts
authentication | 1.0.3 | {} |  | VRRP: authentication
check_unicast_src | 2.1.0 |  | off | VRRP: only peers are heard
debug | 1.0.3 | 0..4 | 0
dont_track_primary | 1.1.8 |  | off | VRRP: faults of the interface are ignored
down_timer_adverts | 2.2.3 | 1..100 | 3 | VRRP: adverts missed until a backup takes over
garp_extra_if | 2.2.3 | [all] 0..86400 s |  | VRRP: gratuitous ARP on other interfaces
garp_lower_prio_delay | 1.2.20 | 0..4294 s | garp_master_delay | VRRP: gratuitous ARP
garp_lower_prio_repeat | 1.2.20 | 0..2147483647 | garp_master_repeat | VRRP: gratuitous ARP
garp_master_delay | 1.0.3 | 0..4294 s | 5 | VRRP: second set of gratuitous ARPs
garp_master_refresh | 1.2.10 | 0.. s | 0 | VRRP: gratuitous ARPs repeated
garp_master_refresh_repeat | 1.2.14 | 0.. | 1 | VRRP: gratuitous ARPs repeated
garp_master_repeat | 1.2.14 | 0.. | 5 | VRRP: gratuitous ARPs in a set
higher_prio_send_advert | 1.3.5 | bool? | off | VRRP: adverts
interface | 1.0.3 | name |  | VRRP: interface
kernel_rx_buf_size | 2.0.3 | 0.. bytes
linkbeat_use_polling | 2.0.0 |  | off
lower_prio_no_advert | 1.2.20 | bool? | off | VRRP: adverts
lvs_sync_daemon_interface | 1.0.3 | name |  | IPVS: sync daemon (old name of lvs_sync_daemon)
mcast_dst_ip | 2.2.5 | address | vrrp_mcast_group4 | VRRP: group of adverts
mcast_src_ip | 1.0.3 | address | that of the interface | VRRP: source of adverts
native_ipv6 | 1.2.1 |  | off
no_accept | 1.3.0 |  | off | VRRP: packets to the VIP are dropped
nopreempt | 1.1.8 |  | off | VRRP: preemption
notify | 1.1.2 | script user? group?
notify_backup | 1.0.3 | script user? group?
notify_deleted | 2.1.0 | script? user? group?
notify_fault | 1.0.3 | script user? group?
notify_master | 1.0.3 | script user? group?
notify_master_rx_lower_pri | 2.0.6 | script user? group?
notify_priority_changes | 2.0.16 | bool? | off
notify_stop | 1.1.13 | script user? group?
old_unicast_checksum | 1.3.7 | never?
preempt | 1.0.3 |  | on | VRRP: preemption
preempt_delay | 1.1.8 | 0..1000 s decimal | 0 | VRRP: delay of preemption
priority | 1.0.3 | 1..255 | 100, or 255 with state MASTER | VRRP: priority
promote_secondaries | 1.3.0 |  | off | host: sysctl promote_secondaries
skip_check_adv_addr | 1.2.20 | bool? | off | VRRP: addresses of adverts
smtp_alert | 1.0.3 | bool? | off
state | 1.0.3 | MASTER|BACKUP | BACKUP | VRRP: state at start
strict_mode | 1.2.20 | bool? | off | VRRP: strict mode
track_bfd | 2.0.0 | [] |  | VRRP: priority
track_file | 2.0.0 | [] |  | VRRP: priority
track_interface | 1.0.3 | [] |  | VRRP: priority
track_process | 2.0.11 | [] |  | VRRP: priority
track_script | 1.1.13 | [] |  | VRRP: priority
track_src_ip | 2.0.0 |  | off | VRRP: fault without its source address
unicast_fault_no_peer | 2.2.5 |  | off | VRRP: fault without peers
unicast_peer | 1.2.8 | [] |  | VRRP: peers
unicast_src_ip | 1.2.10 | address | that of the interface | VRRP: source of adverts
unicast_ttl | 2.1.0 | 0..255 | 255 | VRRP: time to live of adverts
use_ipvlan | 2.0.17 | name? address? mode? | off | VRRP: ipvlan
use_vmac | 1.2.3 | name? MAC? | off | VRRP: virtual MAC
use_vmac_addr | 2.2.0 |  | off | VRRP: virtual MAC of VIPs elsewhere
version | 1.2.17 | 2|3 | 2 | VRRP: version
virtual_ipaddress | 1.0.3 | [] |  | VRRP: VIPs
virtual_ipaddress_excluded | 1.0.3 | [] |  | VRRP: VIPs that adverts leave out
virtual_router_id | 1.0.3 | 1..255 |  | VRRP: virtual router
virtual_routes | 1.0.3 | [] |  | VRRP: routes of the master
virtual_rules | 1.2.20 | [] |  | VRRP: rules of the master
vmac_garp_intvl | 2.2.0 | [all] 0..86400 s |  | VRRP: gratuitous ARP on other interfaces (old name)
vmac_xmit_base | 1.2.10 |  | off | VRRP: adverts leave by the interface itself
vrf | 2.2.5 | name |  | VRRP: VRF
[vrrp_instance.authentication]
auth_pass | 1.0.3 | secret |  | VRRP: password, 8 characters of it
auth_type | 1.0.3 | PASS|AH |  | VRRP: authentication
[vrrp_script]
fall | 1.1.18 | 1..2147483647 | 1 | VRRP: failures until it counts
init_fail | 1.3.2 |  | off | VRRP: begins as failed
interval | 1.1.13 | 0..4294 s | 1 | VRRP: interval of the script
rise | 1.1.18 | 1..2147483647 | 1 | VRRP: successes until it counts
script | 1.1.13 | script user? group?
timeout | 1.2.6 | 0..4294 s | 0 | VRRP: timeout of the script
user | 1.3.0 | user group? | script_user | host: user of the script
weight | 1.1.13 | -253..253 reverse? | 0 | VRRP: priority
[vrrp_sync_group]
global_tracking | 1.2.3 |  | off | VRRP: old name of tracking of the group
group | 1.0.3 | [] |  | VRRP: instances
notify | 1.1.2 | script user? group?
notify_backup | 1.0.3 | script user? group?
notify_fault | 1.0.3 | script user? group?
notify_master | 1.0.3 | script user? group?
notify_priority_changes | 2.2.0 | bool? | off
notify_stop | 2.0.0 | script user? group?
smtp_alert | 1.0.3 | bool? | off
sync_group_tracking_weight | 2.0.0 |  | off | VRRP: weights in a group count
track_bfd | 2.0.0 | [] |  | VRRP: priority
track_file | 2.0.0 | [] |  | VRRP: priority
track_interface | 2.0.0 | [] |  | VRRP: priority
track_process | 2.0.11 | [] |  | VRRP: priority
track_script | 2.0.0 | [] |  | VRRP: priority
[vrrp_track_process]
delay | 2.0.11 | 0.000001..3600 s decimal | 0 | VRRP: both delays
fork_delay | 2.0.16 | 0.000001..3600 s decimal | 0 | VRRP: delay after the quorum is there
full_command | 2.0.11 |  | off
param_match | 2.0.16 | initial|partial
process | 2.0.11 | words |  | VRRP: process
quorum | 2.0.11 | 1..65535 | 1 | VRRP: processes at least
quorum_max | 2.0.16 | 0..65535 | 65535 | VRRP: processes at most
terminate_delay | 2.0.16 | 0.000001..3600 s decimal | 0 | VRRP: delay after the quorum is lost
weight | 2.0.11 | -254..254 reverse? | 1 | VRRP: priority
`;
