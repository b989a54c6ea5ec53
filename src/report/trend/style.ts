/** What trends add to the common style sheet. */
export const trendStyle = `
.trends{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(330px,100%),1fr));gap:4px 24px}
.trends svg.narrow{display:block}
.trends figcaption small{display:block}
.gate .left{text-align:left!important}
.remedy-list li>b{color:var(--tone-of)}
.said{color:var(--ink)}
svg .band{fill:var(--c0);opacity:.13}
svg .centre{stroke:var(--c0);stroke-width:1.2;stroke-dasharray:5 4}
svg .limit{stroke:var(--v-fail);stroke-width:1.2;stroke-dasharray:2 4}
svg .point{fill:var(--c0)}
svg .here{fill:var(--card);stroke:var(--ink);stroke-width:2.4}
svg .here.bad{fill:var(--v-fail);stroke:var(--card)}
.trend-keys span{flex:none}
.band-key{width:22px;height:12px;background:color-mix(in srgb,var(--c0) 20%,transparent)}
.centre-key{width:22px;border-top:1.5px dashed var(--c0)}
.limit-key{width:22px;border-top:1.5px dotted var(--v-fail)}
.change-key{height:14px;border-left:1.5px dashed var(--ink)}
.here-key{width:11px;height:11px;border-radius:50%;border:2.4px solid var(--ink);background:var(--card)}
`;
