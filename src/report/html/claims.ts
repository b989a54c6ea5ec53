import type { DecidedClaim } from '../../model/claim.ts';
import { type Markup, markup } from '../markup.ts';
import { claimMark } from '../text/verdicts.ts';

/** What is said, what is so, and which check showed it. */
export function claimsSection(claims: DecidedClaim[] | undefined): Markup {
  if (!claims) return markup``;
  const subjects = [...new Set(claims.map((claim) => claim.subject))];
  return markup`<section id="claims"><h2>What is said about LVS-DR <small>${counted(claims)}</small></h2>
<p class="soft">Statements of a widely copied article, in our words, held against what this lab showed. A statement is decided only where every check beside it passed.</p>
${subjects.map((subject) => table(subject, claims))}</section>`;
}

export function counted(claims: readonly DecidedClaim[]): string {
  const of = (verdict: DecidedClaim['verdict']) => claims.filter((claim) => claim.verdict === verdict).length;
  const open = of('open') > 0 ? `, ${of('open')} open` : '';
  return `${of('true')} true, ${of('partly')} partly, ${of('false')} false${open}`;
}

const tone = { true: 'pass', partly: 'warn', false: 'fail', open: 'inconclusive' } as const;

function table(subject: string, claims: readonly DecidedClaim[]): Markup {
  const rows = claims
    .filter((claim) => claim.subject === subject)
    .map(
      ({ id, statement, verdict, because, evidence }) =>
        markup`<tr id="${id}"><th scope="row"><code>${id}</code></th><td>${statement}</td><td class="v-${tone[verdict]} nowrap"><b>${claimMark[verdict]}</b> ${verdict}</td><td>${because}<div class="soft">${evidence.map(
          (one) => markup`<div><a href="#${one.check}">${one.check}</a> ${one.verdict}: ${one.seen}</div>`,
        )}</div></td></tr>`,
    );
  return markup`<h3>${subject}</h3><div class="scroll"><table class="matrix claims"><thead><tr><th scope="col"></th><th scope="col">said</th><th scope="col">verdict</th><th scope="col">why, and what showed it</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
