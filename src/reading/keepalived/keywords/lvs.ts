/** Keywords of virtual servers: `keyword | since | arguments | default | what it sets`, under the block that they stand in. */
export const lvsKeywords = `
[virtual_server]
alpha | 1.1.16 |  | off | health: servers begin as down
connect_timeout | 2.0.13 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 1.3.7 | 0.. s decimal | 1 | health: pause between attempts
delay_loop | 1.0.3 | 0.000001.. s decimal | 60 | health: interval
flag-1 | 1.3.0 |  | off | IPVS: flag 1 of the scheduler
flag-2 | 1.3.0 |  | off | IPVS: flag 2 of the scheduler
flag-3 | 1.3.0 |  | off | IPVS: flag 3 of the scheduler
ha_suspend | 1.0.3 |  | off | health: rests while the VIP is elsewhere
hashed | 1.3.0 |  | off | IPVS: no effect
hysteresis | 1.1.16 | 0.. | 0 | quorum: dampening
inhibit_on_failure | 1.3.7 |  | off | IPVS: weight 0 where others remove the server
ip_family | 1.2.20 | inet|inet6 | inet | IPVS: family of a firewall mark
lb_algo | 1.0.3 | rr|wrr|lc|wlc|lblc|sh|mh|dh|fo|ovf|lblcr|sed|nq|twos | wlc | IPVS: scheduler
lb_kind | 1.0.3 | NAT|DR|TUN words? | NAT | IPVS: forwarding method
lvs_method | 1.1.5 | NAT|DR|TUN words? | NAT | IPVS: forwarding method
lvs_sched | 1.1.5 | rr|wrr|lc|wlc|lblc|sh|mh|dh|fo|ovf|lblcr|sed|nq|twos | wlc | IPVS: scheduler
mh-fallback | 2.0.20 |  | off | IPVS: flag mh-fallback
mh-port | 2.0.20 |  | off | IPVS: flag mh-port
omega | 1.1.16 |  | off | health: notifiers at shutdown
ops | 1.2.8 |  | off | IPVS: one-packet scheduling
persistence_engine | 1.2.20 | name |  | IPVS: persistence engine
persistence_granularity | 1.0.3 | mask | 255.255.255.255 | IPVS: netmask of persistence
persistence_timeout | 1.0.3 | 1..2678400 s? | 360 | IPVS: persistence
protocol | 1.0.3 | TCP|UDP|SCTP | UDP | IPVS: protocol
quorum | 1.1.16 | 1.. | 1 | quorum: weight that has to be up
quorum_down | 1.1.16 | script user? group?
quorum_up | 1.1.16 | script user? group?
real_server | 1.0.3 | address port? {} |  | IPVS: destination
retry | 1.3.7 | 1..4294967295 | 1 | health: attempts after the first failure
sh-fallback | 1.3.0 |  | off | IPVS: flag sh-fallback
sh-port | 1.3.0 |  | off | IPVS: flag sh-port
smtp_alert | 2.0.0 | bool? | off
snmp_name | 2.2.3 | name
sorry_server | 1.0.3 | address port? |  | IPVS: destination while the quorum is lost
sorry_server_inhibit | 1.2.13 |  | off | IPVS: weight 0 where others remove the server
sorry_server_lvs_method | 1.3.6 | NAT|DR|TUN words? | lvs_method | IPVS: forwarding method
virtualhost | 1.0.3 | name |  | health: virtual host
warmup | 1.3.7 | 0.. s decimal | delay_loop | health: random delay of the first check
weight | 1.3.7 | 0..2147483647 | 1 | IPVS: weight of the servers that follow
[virtual_server.real_server]
BFD_CHECK | 2.0.0 | {} |  | health: check
DNS_CHECK | 1.3.0 | {} |  | health: check
FILE_CHECK | 2.1.0 | {} |  | health: check
HTTP_GET | 0.5.3 | {} |  | health: check
MISC_CHECK | 0.5.3 | {} |  | health: check
PING_CHECK | 2.1.0 | {} |  | health: check
SMTP_CHECK | 1.1.8 | {} |  | health: check
SSL_GET | 0.5.3 | {} |  | health: check
TCP_CHECK | 0.5.3 | {} |  | health: check
UDP_CHECK | 2.1.0 | {} |  | health: check
alpha | 1.3.7 | bool? | off | health: begins as down
connect_timeout | 2.0.13 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 1.3.7 | 0.. s decimal | 1 | health: pause between attempts
delay_loop | 1.3.7 | 0.000001.. s decimal | 60 | health: interval
inhibit_on_failure | 1.0.3 | bool? | off | IPVS: weight 0 where others remove the server
lthreshold | 1.1.13 | 0..4294967295 | 0 | IPVS: lower threshold
lvs_method | 1.3.6 | NAT|DR|TUN words? | that of the service | IPVS: forwarding method
notify_down | 1.0.3 | script user? group?
notify_up | 1.0.3 | script user? group?
retry | 1.3.7 | 1..4294967295 | 1 | health: attempts after the first failure
smtp_alert | 2.0.0 | bool? | on
snmp_name | 2.2.3 | name
uthreshold | 1.1.13 | 0..4294967295 | 0 | IPVS: upper threshold
virtualhost | 1.3.6 | name |  | health: virtual host
warmup | 1.3.7 | 0.. s decimal | delay_loop | health: random delay of the first check
weight | 1.0.3 | 0..2147483647 | 1 | IPVS: weight
`;
