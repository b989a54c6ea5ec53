/** Keywords of health checks: `keyword | since | arguments | default | what it sets`, under the block that they stand in. */
export const checksKeywords = `
[virtual_server.real_server.TCP_CHECK]
alpha | 1.3.7 | bool? | off | health: begins as down
bind_if | 1.3.7 | name |  | health: interface that it leaves by
bind_port | 1.3.7 | 1..65535 |  | health: source port
bindto | 1.1.2 | address |  | health: source address
connect_ip | 1.3.7 | address | the real server | health: address that is asked
connect_port | 0.5.8 | 1..65535 | that of the real server | health: port that is asked
connect_timeout | 0.5.3 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 1.2.20 | 0.. s decimal | 1 | health: pause between attempts
delay_loop | 1.3.7 | 0.000001.. s decimal | 60 | health: interval
fwmark | 1.3.7 | 0..4294967295 | 0 | health: mark of its packets
log_all_failures | 2.0.11 | bool? | off
retry | 1.2.20 | 0.. | 1 | health: attempts after the first failure
warmup | 1.2.13 | 0.. s decimal | delay_loop | health: random delay of the first check
[virtual_server.real_server.HTTP_GET]
alpha | 1.3.7 | bool? | off | health: begins as down
bind_if | 1.3.7 | name |  | health: interface that it leaves by
bind_port | 1.3.7 | 1..65535 |  | health: source port
bindto | 1.1.2 | address |  | health: source address
connect_ip | 1.3.7 | address | the real server | health: address that is asked
connect_port | 0.5.8 | 1..65535 | that of the real server | health: port that is asked
connect_timeout | 0.5.3 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 0.5.3 | 0.. s decimal | 3 | health: pause between attempts
delay_loop | 1.3.7 | 0.000001.. s decimal | 60 | health: interval
enable_sni | 1.4.3 |  | off | health: name in the TLS handshake
fast_recovery | 2.0.17 | bool? | off | health: all URLs at once
fwmark | 1.3.7 | 0..4294967295 | 0 | health: mark of its packets
http_protocol | 2.0.17 | 1.0|1.0C|1.1|1.0c | 1.0 | health: version of HTTP
log_all_failures | 2.0.11 | bool? | off
nb_get_retry | 0.5.3 | 0.. | 1 | health: attempts after the first failure (old name of retry)
retry | 1.3.7 | 0.. | 1 | health: attempts after the first failure
url | 0.5.3 | {} |  | health: page
virtualhost | 1.3.6 | name |  | health: virtual host
warmup | 1.2.13 | 0.. s decimal | delay_loop | health: random delay of the first check
[virtual_server.real_server.HTTP_GET.url]
digest | 0.5.3 | name |  | health: MD5 of the page
path | 0.5.3 | name | / | health: page
regex | 2.0.7 | text |  | health: text of the page
regex_max_offset | 2.0.7 | 0.. |  | health: text of the page
regex_min_offset | 2.0.7 | 0.. | 0 | health: text of the page
regex_no_match | 2.0.7 |  | off | health: text of the page
regex_options | 2.0.7 | words |  | health: text of the page
regex_stack | 2.0.7 | 1.. 1.. |  | health: text of the page
status_code | 0.7.6 | codes | 200-299 | health: status of the page
virtualhost | 1.3.6 | name |  | health: virtual host
[virtual_server.real_server.SSL_GET]
alpha | 1.3.7 | bool? | off | health: begins as down
bind_if | 1.3.7 | name |  | health: interface that it leaves by
bind_port | 1.3.7 | 1..65535 |  | health: source port
bindto | 1.1.2 | address |  | health: source address
connect_ip | 1.3.7 | address | the real server | health: address that is asked
connect_port | 0.5.8 | 1..65535 | that of the real server | health: port that is asked
connect_timeout | 0.5.3 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 0.5.3 | 0.. s decimal | 3 | health: pause between attempts
delay_loop | 1.3.7 | 0.000001.. s decimal | 60 | health: interval
enable_sni | 1.4.3 |  | off | health: name in the TLS handshake
fast_recovery | 2.0.17 | bool? | off | health: all URLs at once
fwmark | 1.3.7 | 0..4294967295 | 0 | health: mark of its packets
http_protocol | 2.0.17 | 1.0|1.0C|1.1|1.0c | 1.0 | health: version of HTTP
log_all_failures | 2.0.11 | bool? | off
nb_get_retry | 0.5.3 | 0.. | 1 | health: attempts after the first failure (old name of retry)
retry | 1.3.7 | 0.. | 1 | health: attempts after the first failure
url | 0.5.3 | {} |  | health: page
virtualhost | 1.3.6 | name |  | health: virtual host
warmup | 1.2.13 | 0.. s decimal | delay_loop | health: random delay of the first check
[virtual_server.real_server.SSL_GET.url]
digest | 0.5.3 | name |  | health: MD5 of the page
path | 0.5.3 | name | / | health: page
regex | 2.0.7 | text |  | health: text of the page
regex_max_offset | 2.0.7 | 0.. |  | health: text of the page
regex_min_offset | 2.0.7 | 0.. | 0 | health: text of the page
regex_no_match | 2.0.7 |  | off | health: text of the page
regex_options | 2.0.7 | words |  | health: text of the page
regex_stack | 2.0.7 | 1.. 1.. |  | health: text of the page
status_code | 0.7.6 | codes | 200-299 | health: status of the page
virtualhost | 1.3.6 | name |  | health: virtual host
[virtual_server.real_server.SMTP_CHECK]
alpha | 1.3.7 | bool? | off | health: begins as down
bind_if | 1.3.7 | name |  | health: interface that it leaves by
bind_port | 1.3.7 | 1..65535 |  | health: source port
bindto | 1.3.7 | address |  | health: source address
connect_ip | 1.3.7 | address | the real server | health: address that is asked
connect_port | 1.3.7 | 1..65535 | that of the real server | health: port that is asked
connect_timeout | 1.1.8 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 1.1.8 | 0.. s decimal | 1 | health: pause between attempts
delay_loop | 1.3.7 | 0.000001.. s decimal | 60 | health: interval
fwmark | 1.3.7 | 0..4294967295 | 0 | health: mark of its packets
helo_name | 1.1.8 | name | the host's name | health: name that it greets with
host | 1.1.8 | {} |  | health: another host that is asked
log_all_failures | 2.0.11 | bool? | off
retry | 1.1.8 | 0.. | 1 | health: attempts after the first failure
warmup | 1.2.13 | 0.. s decimal | delay_loop | health: random delay of the first check
[virtual_server.real_server.SMTP_CHECK.host]
alpha | 1.3.7 | bool? | off | health: begins as down
bind_if | 1.3.7 | name |  | health: interface that it leaves by
bind_port | 1.3.7 | 1..65535 |  | health: source port
bindto | 1.1.8 | address |  | health: source address
connect_ip | 1.1.8 | address | the real server | health: address that is asked
connect_port | 1.1.8 | 1..65535 | that of the real server | health: port that is asked
connect_timeout | 1.3.7 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 1.3.7 | 0.. s decimal | 1 | health: pause between attempts
delay_loop | 1.3.7 | 0.000001.. s decimal | 60 | health: interval
fwmark | 1.3.7 | 0..4294967295 | 0 | health: mark of its packets
log_all_failures | 2.0.11 | bool? | off
retry | 1.3.7 | 0.. | 1 | health: attempts after the first failure
warmup | 1.3.7 | 0.. s decimal | delay_loop | health: random delay of the first check
[virtual_server.real_server.DNS_CHECK]
alpha | 1.3.7 | bool? | off | health: begins as down
bind_if | 1.3.7 | name |  | health: interface that it leaves by
bind_port | 1.3.7 | 1..65535 |  | health: source port
bindto | 1.3.7 | address |  | health: source address
connect_ip | 1.3.7 | address | the real server | health: address that is asked
connect_port | 1.3.7 | 1..65535 | that of the real server | health: port that is asked
connect_timeout | 1.3.7 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 1.3.7 | 0.. s decimal | 1 | health: pause between attempts
delay_loop | 1.3.7 | 0.000001.. s decimal | 60 | health: interval
fwmark | 1.3.7 | 0..4294967295 | 0 | health: mark of its packets
log_all_failures | 2.0.11 | bool? | off
name | 1.3.0 | name | . | health: name that is asked for
retry | 1.3.0 | 0.. | 3 | health: attempts after the first failure
type | 1.3.0 | A|NS|CNAME|SOA|MX|TXT|AAAA | SOA | health: type that is asked for
warmup | 1.3.7 | 0.. s decimal | delay_loop | health: random delay of the first check
[virtual_server.real_server.MISC_CHECK]
alpha | 1.3.7 | bool? | off | health: begins as down
delay_before_retry | 1.3.7 | 0.. s decimal | 1 | health: pause between attempts
delay_loop | 1.3.7 | 0.000001.. s decimal | 60 | health: interval
log_all_failures | 2.0.11 | bool? | off
misc_dynamic | 1.1.8 |  | off | IPVS: weight by the exit code
misc_path | 0.5.3 | script user? group? |  | health: script
misc_timeout | 1.1.0 | 0.. s | delay_loop | health: timeout
retry | 1.3.7 | 0.. | 0 | health: attempts after the first failure
user | 1.3.0 | user group? | script_user | host: user of the script
warmup | 1.2.13 | 0.. s decimal | delay_loop | health: random delay of the first check
[virtual_server.real_server.PING_CHECK]
alpha | 2.1.0 | bool? | off | health: begins as down
bind_if | 2.1.0 | name |  | health: interface that it leaves by
bind_port | 2.1.0 | 1..65535 |  | health: source port
bindto | 2.1.0 | address |  | health: source address
connect_ip | 2.1.0 | address | the real server | health: address that is asked
connect_port | 2.1.0 | 1..65535 | that of the real server | health: port that is asked
connect_timeout | 2.1.0 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 2.1.0 | 0.. s decimal | 1 | health: pause between attempts
delay_loop | 2.1.0 | 0.000001.. s decimal | 60 | health: interval
fwmark | 2.1.0 | 0..4294967295 | 0 | health: mark of its packets
log_all_failures | 2.1.0 | bool? | off
retry | 2.1.0 | 0.. | 1 | health: attempts after the first failure
warmup | 2.1.0 | 0.. s decimal | delay_loop | health: random delay of the first check
[virtual_server.real_server.UDP_CHECK]
alpha | 2.1.0 | bool? | off | health: begins as down
bind_if | 2.1.0 | name |  | health: interface that it leaves by
bind_port | 2.1.0 | 1..65535 |  | health: source port
bindto | 2.1.0 | address |  | health: source address
connect_ip | 2.1.0 | address | the real server | health: address that is asked
connect_port | 2.1.0 | 1..65535 | that of the real server | health: port that is asked
connect_timeout | 2.1.0 | 0.000001..4294 s decimal | 5 | health: timeout
delay_before_retry | 2.1.0 | 0.. s decimal | 1 | health: pause between attempts
delay_loop | 2.1.0 | 0.000001.. s decimal | 60 | health: interval
fwmark | 2.1.0 | 0..4294967295 | 0 | health: mark of its packets
log_all_failures | 2.1.0 | bool? | off
max_reply_length | 2.2.0 | 0..65535 | 255 | health: reply
min_reply_length | 2.2.0 | 0..65535 | 0 | health: reply
payload | 2.2.0 | hex | random | health: what is sent
require_reply | 2.1.0 | hex? | off | health: reply
retry | 2.1.0 | 0.. | 1 | health: attempts after the first failure
warmup | 2.1.0 | 0.. s decimal | delay_loop | health: random delay of the first check
[virtual_server.real_server.BFD_CHECK]
alpha | 2.0.0 | bool? | off | health: begins as down
name | 2.0.0 | name |  | health: instance of BFD
[virtual_server.real_server.FILE_CHECK]
track_file | 2.1.0 | name |  | health: tracked file
weight | 2.1.0 | -2147483647..2147483647 reverse? | 1 | IPVS: weight
`;
