import { colours } from './colours.ts';

/** The style sheet of every page. */
export const style = `${colours}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{-webkit-text-size-adjust:100%;scroll-padding-top:12px}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif;overflow-wrap:break-word}
main{max-width:1120px;margin:0 auto;padding:24px 24px 48px}
h1,h2,h3,h4{line-height:1.25;margin:0;font-weight:650}
h1{font-size:30px;letter-spacing:-.01em}
h2{font-size:20px;margin:0 0 10px}
h3{font-size:15px;margin:0 0 6px}
h4{font-size:13px;margin:14px 0 4px;color:var(--soft)}
p{margin:0 0 10px}
small{font-weight:400;font-size:13px;color:var(--soft)}
a{color:var(--link);text-underline-offset:2px}
q{quotes:none}
ul{margin:0;padding:0;list-style:none}
dl,dd{margin:0}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px}
pre{margin:0;padding:10px 12px;background:var(--well);border:1px solid var(--line);border-radius:6px;overflow-x:auto;line-height:1.45;tab-size:4}
section{margin-top:36px}
.soft{color:var(--soft)}
.nowrap{white-space:nowrap}
.scroll{overflow-x:auto}
.banner{background:var(--card);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:8px;padding:20px 24px 18px}
.kicker{margin:0 0 2px;font-size:13px;color:var(--soft)}
.banner h1{color:var(--tone)}
.lead{font-size:17px;margin:6px 0 14px;max-width:62em}
.tally{display:flex;gap:2px;height:8px;margin-bottom:8px}
.tally span{border-radius:2px;min-width:6px}
.counts,.keys{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:14px}
.remedy-list{margin-top:14px;border-top:1px solid var(--line);padding-top:12px;display:grid;gap:6px}
.remedy-list a{font-weight:650;color:inherit}
.remedy-list li{color:var(--ink)}
.remedy-list li>a{color:var(--tone-of)}
.remedy-list .soft{display:block;font-size:14px}
.follows{font-size:14px;margin-top:2px}
.follows>summary{color:var(--soft)}
.follows ul{display:grid;gap:4px;margin:6px 0 2px 18px}
.because{font-size:13px;color:var(--soft)}
.fault{margin:14px 0 0;padding:10px 12px;background:var(--well);border-radius:6px}
.facts{display:flex;flex-wrap:wrap;gap:8px 28px;margin-top:16px;padding-top:14px;border-top:1px solid var(--line);font-size:14px}
.facts dt{color:var(--soft);font-size:12px}
.keys{margin-top:6px;color:var(--soft);font-size:13px}
.keys li,.keys span{display:flex;align-items:center;gap:6px}
.services{margin-top:10px;display:grid;gap:4px;font-size:14px}
figure{margin:18px 0 0}
figcaption{font-weight:600;font-size:14px;margin-bottom:8px}
figcaption.keys{font-weight:400}
.tools{display:flex;flex-wrap:wrap;gap:6px;margin:0 0 14px}
.tools .gap{flex:1}
button{font:inherit;font-size:13px;line-height:1;padding:6px 10px;border:1px solid var(--line);border-radius:6px;background:var(--card);color:var(--ink);cursor:pointer}
button:hover{border-color:var(--soft)}
button[aria-pressed=true]{background:var(--well);border-color:var(--soft);font-weight:600}
button[class^=v-]{color:var(--tone-of)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.part{font-size:17px;margin:26px 0 12px}
.part small{margin-left:8px}
.part small span{margin-right:8px}
.suite{margin-bottom:22px}
.suite h3 small{margin-left:8px;word-spacing:.1em}
.suite h3 small span{margin-right:8px}
details.check{border:1px solid var(--line);border-bottom-width:0;background:var(--card)}
details.check:first-of-type{border-radius:8px 8px 0 0}
details.check:last-of-type{border-bottom-width:1px;border-radius:0 0 8px 8px}
details.check:first-of-type:last-of-type{border-radius:8px}
summary{cursor:pointer}
.check>summary{display:grid;grid-template-columns:116px 112px 1fr auto 72px 72px;gap:0 14px;align-items:baseline;padding:8px 14px;list-style:none}
.check>summary::-webkit-details-marker{display:none}
.check>summary:hover{background:var(--well)}
.check[open]>summary{border-bottom:1px solid var(--line)}
.verdict{font-size:14px;white-space:nowrap}
.verdict b{display:inline-block;width:1.3em}
.id{font-weight:600}
.key-figure{font-variant-numeric:tabular-nums;font-size:14px;white-space:nowrap}
.key-figure .soft{font-size:13px}
.level,.time{font-size:13px;color:var(--soft);text-align:right;font-variant-numeric:tabular-nums}
.body{padding:14px 14px 16px}
.told{display:grid;grid-template-columns:116px minmax(0,1fr);gap:6px 14px}
.told dt{color:var(--soft);font-size:14px}
.told dd{white-space:pre-wrap}
.check[data-verdict=fail] .d-seen,.check[data-verdict=fail] .d-cause{font-weight:600}
.step{margin:0 0 4px;color:var(--soft);font-size:14px}
.copy{position:relative;margin-bottom:10px}
.copy pre{padding-right:76px;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}
.copy button{position:absolute;top:6px;right:6px;padding:5px 8px;font-size:12px}
.evidence ul{display:flex;flex-wrap:wrap;gap:2px 20px;font-size:14px}
.when{margin:14px 0 0;font-size:13px}
table{border-collapse:collapse;font-size:14px}
h4.cap{font-size:14px;color:var(--ink)}
.numbers{margin-top:4px}
th,td{padding:5px 18px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{font-weight:400;font-size:13px;color:var(--soft);white-space:nowrap}
tbody th{font-weight:400}
.numbers td,.numbers thead th:not(:first-child){text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.numbers .key{width:26px;height:8px;margin-right:6px;vertical-align:middle}
.matrix{min-width:760px;width:100%}
.matrix code{white-space:nowrap}
details.cross{margin:0 0 10px}
details.cross>summary{padding:4px 0}
table.cross{border-collapse:separate;border-spacing:0;font-size:13px}
table.cross td{padding:3px 0;width:22px;min-width:22px;text-align:center}
table.cross th[scope=row]{position:sticky;left:0;z-index:1;background:var(--page);min-width:260px;max-width:420px;padding:3px 12px 3px 0}
table.cross thead th{vertical-align:bottom;padding:4px 0}
table.cross thead span{writing-mode:vertical-rl;transform:rotate(180deg)}
table.cross td.v-fail,table.cross td.v-warn,table.cross td.v-inconclusive,table.cross td.v-broken{color:var(--tone-of);font-weight:650}
table.cross td.own{background:color-mix(in srgb,var(--link) 14%,transparent)}
table.cross tbody tr:hover>*{background:var(--well)}
.likely{margin-top:14px;border-top:1px solid var(--line);padding-top:12px}
.likely h2{font-size:15px;margin-bottom:6px}
.likely ol{margin:0;padding-left:1.4em;display:grid;gap:8px}
.likely .copy{margin:4px 0 0}
tr.same th code{opacity:.45}
tr.changed th{font-weight:600}
tr.changed{background:var(--card)}
details.plain{border-bottom:1px solid var(--line);padding:7px 0}
details.plain[open]{padding-bottom:14px}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:24px 32px;font-size:14px}
.pairs{display:grid;grid-template-columns:auto minmax(0,1fr);gap:3px 16px}
.pairs dt{color:var(--soft)}
.trials{display:grid;gap:6px}
.faults{display:grid;gap:12px}
.faults pre{white-space:pre-wrap;margin-bottom:6px}
footer{margin-top:40px;font-size:13px}
svg.chart{display:block;width:100%;max-width:calc(var(--w)*1px);height:auto;font-size:12px}
svg.narrow{display:none}
svg text{fill:var(--ink);font-variant-numeric:tabular-nums}
svg .soft,svg .small{fill:var(--soft)}
svg .small{font-size:11px}
svg .strong,svg .name{font-weight:650}
svg .name{font-size:14px}
svg .alarm{fill:var(--v-fail);font-weight:650}
svg .halo{paint-order:stroke;stroke:var(--card);stroke-width:3.5px;stroke-linejoin:round}
svg .grid{stroke:var(--line);stroke-width:1}
svg .axis{stroke:var(--soft);stroke-width:1}
svg .mark{stroke:var(--ink);stroke-width:1;stroke-dasharray:3 3;opacity:.75}
svg .curve{fill:none;stroke:var(--tone-of);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
svg .dash1{stroke-dasharray:7 5}svg .dash2{stroke-dasharray:2 5}svg .dash3{stroke-dasharray:10 4 2 4}
svg .dots{fill:none;stroke:var(--tone-of);stroke-width:2.4;stroke-linecap:round}
svg .unnamed{--tone-of:var(--soft)}
svg .outage{fill:var(--v-fail);opacity:.1}
svg .badmark{fill:var(--v-fail)}
svg .bar{fill:var(--c0)}
svg .expected{fill:var(--ink)}
svg .switch{fill:var(--well);stroke:var(--line);rx:6px}
svg .cable{stroke:var(--soft);stroke-width:1.5;opacity:.6}
svg .box{fill:var(--card);stroke:var(--soft);stroke-width:1.2;rx:7px}
svg .box.active{stroke:var(--request);stroke-width:2}
svg .behind{opacity:.6}
svg .way{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
svg .request{stroke:var(--request)}
svg .answer{stroke:var(--answer);stroke-dasharray:6 4}
.swatch{width:26px;border-top:2.5px solid var(--request)}
.swatch.answer{border-top:2.5px dashed var(--answer)}
.dot{width:9px;height:9px;border-radius:50%;background:var(--tone-of)}
.dot.bad{border-radius:1px;background:var(--v-fail)}
.tick{width:2.5px;height:14px;background:var(--ink)}
@media (max-width:900px){
.key-figure .soft{display:none}
}
@media (max-width:640px){
main{padding:12px 12px 32px}
.banner{padding:14px 16px;border-left-width:5px}
h1{font-size:25px}
.lead{font-size:16px}
.facts{gap:8px 20px}
svg.wide{display:none}
svg.narrow{display:block}
svg.narrow .soft{font-size:11px}
.copy pre{padding:36px 12px 10px}
.numbers th[scope=row]{min-width:8em}
.check>summary{grid-template-columns:auto 1fr auto auto;gap:2px 10px;padding:8px 12px}
.check .title{grid-column:1/-1;grid-row:2}
.level{display:none}
.body{padding:12px}
.told{grid-template-columns:minmax(0,1fr);gap:2px}
.told dd{margin-bottom:8px}
th,td{padding-right:12px}
}
@media print{
body{font-size:11pt}
main{max-width:none;padding:0}
.tools,.copy button{display:none}
.copy pre{white-space:pre-wrap;padding-right:12px}
pre{white-space:pre-wrap}
details.check,figure,tr,.banner{break-inside:avoid}
h2,h3,h4,summary{break-after:avoid}
}
`;
