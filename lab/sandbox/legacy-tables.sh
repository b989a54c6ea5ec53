# Makes iptables, ip6tables, arptables and ebtables the legacy ones, for a kernel whose nf_tables cannot do what they ask of it;
# sourced with the folder that is /etc/alternatives inside as $alternatives.
mkdir -p "$alternatives"
for table in iptables ip6tables arptables ebtables; do
	for program in '' -restore -save; do
		legacy=/usr/sbin/$table-legacy$program
		[ ! -e "$legacy" ] || [ ! -L "/etc/alternatives/$table$program" ] || ln -sf "$legacy" "$alternatives/$table$program"
	done
done
