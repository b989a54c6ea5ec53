/** What a matrix adds to the common style sheet. */
export const matrixStyle = `
main{max-width:1480px}
.banner{padding:14px 20px 12px}
.banner .lead{margin:4px 0 10px}
.banner .remedy-list{margin-top:8px;padding-top:8px;gap:2px}
.banner .remedy-list .soft{display:inline}
.banner .facts{margin-top:8px;padding-top:8px;gap:4px 28px;font-size:13px}
.banner .facts div{display:flex;gap:6px;align-items:baseline}
section{margin-top:24px}
.agree{margin:16px 0 0}
.agree+section{margin-top:20px}
.box{overflow:auto;max-height:88vh;background:var(--card);border:1px solid var(--line);border-radius:8px;margin-bottom:10px}
.places{border-collapse:separate;border-spacing:0;width:100%}
.places th,.places td{padding:6px 12px;min-width:112px;max-width:220px;font-size:14px}
.places tr:last-child>*{border-bottom-color:transparent}
.places tbody+tbody tr:first-child>*{border-top:1px solid var(--line)}
.places thead th{position:sticky;top:0;z-index:2;background:var(--card);color:var(--ink);font-size:14px;font-weight:650;white-space:normal;overflow-wrap:break-word;border-bottom:1px solid var(--line);vertical-align:bottom}
.places th[scope=row],.places .corner{position:sticky;left:0;z-index:1;background:var(--card);min-width:270px;max-width:340px;border-right:1px solid var(--line)}
.places .corner{z-index:3;font-weight:400;color:var(--soft)}
.sum{display:block;font-weight:400;font-size:13px;white-space:nowrap}
.about th[scope=row]{color:var(--soft)}
.places .about>tr>*{font-size:13px;padding-top:2px;padding-bottom:2px;border-bottom:0}
.places .suite-row th{padding:10px 12px 4px;font-weight:650;border-bottom:0}
.suite-row span{position:sticky;left:12px}
.places td b{display:inline-block;min-width:1em}
.places td>a{color:inherit;text-decoration:none}
.places td>a:hover{text-decoration:underline}
.places td.v-fail,.places td.v-broken,.places td.v-inconclusive,.places td.v-warn{font-weight:650;background:color-mix(in srgb,var(--tone-of) 12%,transparent)}
.places td details p{margin:4px 0;color:var(--ink);font-weight:400;font-size:13px}
.places summary{white-space:nowrap}
.places .title{color:var(--soft)}
.differs>th{box-shadow:inset 4px 0 0 var(--v-warn)}
.unequal{color:var(--v-warn);font-weight:700}
.difference{margin-bottom:10px}
.difference h3{margin-bottom:4px}
.difference ul{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:10px}
.difference li{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:6px 14px;font-size:14px}
.difference p{margin:0 0 4px}
.reasons{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:4px 24px;font-size:14px;margin-bottom:6px}
#unsupported h3{margin-top:16px}
@media (max-width:640px){
.places th,.places td{padding:6px 8px;min-width:126px}
.places th[scope=row],.places .corner{min-width:128px;max-width:128px;font-size:12px}
.reasons{grid-template-columns:minmax(0,1fr)}
.reasons dd{margin-bottom:8px}
}
@media print{
.box{max-height:none;overflow:visible;border:0}
.places th,.places td{min-width:0;padding:3px 6px;font-size:9pt}
.places thead th,.places th[scope=row],.places .corner{position:static;min-width:0}
}
`;
