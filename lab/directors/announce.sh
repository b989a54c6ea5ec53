#!/bin/sh
# Puts a VIP on lo of a director, where bird sees and announces it, while every service of it has real servers.
# Run in the folder of the director, which has a file for each service that has none.
# usage: announce.sh begin|gained|lost VIP SERVICE · announce.sh withdraw
set -u
cd "${0%/*}" || exit
on_lo() { ip addr "$1" "$2/32" dev lo 2>/dev/null; }

case $1 in
begin) : >"lost-$2-$3" ;;
gained)
	rm -f "lost-$2-$3"
	for file in "lost-$2-"*; do [ -e "$file" ] && exit; done
	on_lo replace "$2"
	;;
lost)
	: >"lost-$2-$3"
	on_lo del "$2"
	;;
withdraw) shift && for vip; do on_lo del "$vip"; done ;;
esac
