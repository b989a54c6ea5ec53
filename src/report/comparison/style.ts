/** What a comparison adds to the common style sheet. */
export const comparisonStyle = `
.banner{padding:16px 22px 14px}
.banner .facts{margin-top:12px;padding-top:10px}
.advice .said{color:var(--ink)}
p.advice{max-width:62em}
section.workload{margin-top:24px}
.workload h3{margin:26px 0 4px}
.verdicts{width:100%;margin-bottom:6px}
.verdicts .left,.served .left{text-align:left;white-space:normal}
.verdicts th:last-child,.served thead th:last-child{text-align:left!important}
.verdicts .why{display:block;font-size:13px;min-width:180px}
.verdicts tr.r-better>*{background:color-mix(in srgb,var(--v-pass) 9%,transparent)}
.verdicts tr.r-base th,.verdicts tr.r-better th{font-weight:650}
.verdicts tr.r-control>*{border-top:1px solid var(--soft);color:var(--soft)}
.verdicts th[scope=row]{min-width:9em}
.verdicts th:first-child,.shares th:first-child{padding-left:8px;overflow-wrap:normal}
.shares td{min-width:86px}
.share{display:block;width:100%;min-width:70px;height:9px;margin-top:2px}
.key{flex:none;width:26px;height:8px}
.order td,.order th{padding:2px 12px 2px 0;font-size:13px;white-space:nowrap}
.reasons{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:6px 24px;font-size:14px}
.reasons p{margin:2px 0 0}
svg .effect{fill:var(--soft);opacity:.16}
svg .interval{stroke:var(--tone-of);stroke-width:2.4}
svg .full{fill:var(--tone-of)}
svg .open{fill:var(--card);stroke:var(--tone-of);stroke-width:2}
svg .v-mark{fill:var(--tone-of)}
svg .spot{fill:var(--tone-of)}
svg .leader{stroke:var(--line);stroke-width:1}
.slim{display:none}
@media (max-width:1000px),print{
.verdicts td,.verdicts thead th{white-space:normal;padding-right:10px}
.verdicts th[scope=row]{min-width:6em}
.verdicts .why{min-width:0}
.verdicts td:nth-child(4),.verdicts td:nth-child(3){min-width:6.5em}
}
@media (max-width:640px){
.verdicts td{white-space:nowrap}
.slim{display:block;font-weight:400;font-size:13px;white-space:nowrap}
.verdicts th:first-child{position:sticky;left:0;background:var(--page);min-width:6.5em;max-width:9em;border-right:1px solid var(--line)}
.verdicts tr.r-better th:first-child{background:color-mix(in srgb,var(--v-pass) 9%,var(--page))}
.banner{padding:14px 16px}
.reasons{grid-template-columns:minmax(0,1fr)}
.reasons dd{margin-bottom:8px}
}
`;
