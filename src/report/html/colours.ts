/** Every colour of a page, by what it means; verdicts also have a mark, curves a dash. */

const light = {
  page: '#f5f6f8',
  card: '#ffffff',
  well: '#f1f3f6',
  line: '#dde1e7',
  ink: '#1a1e24',
  soft: '#59626f',
  link: '#1f55c0',
  request: '#1f62d0',
  answer: '#13795b',
  verdicts: {
    pass: '#187a35',
    fail: '#c3221f',
    warn: '#8a5b00',
    unsupported: '#59626f',
    skipped: '#6b7480',
    inconclusive: '#7437ad',
    broken: '#b03a0c',
  },
  series: ['#2a6fd6', '#d17a00', '#0f8a7a', '#8e4bc4', '#7d7a12', '#96542c', '#c2478f', '#5c6a7d'],
};

const dark: typeof light = {
  page: '#111418',
  card: '#181c22',
  well: '#20252d',
  line: '#303742',
  ink: '#e6e9ee',
  soft: '#9fa9b8',
  link: '#86b1ff',
  request: '#6ea3ff',
  answer: '#3fc39a',
  verdicts: {
    pass: '#4fc46c',
    fail: '#ff7168',
    warn: '#e3ae45',
    unsupported: '#9fa9b8',
    skipped: '#8d97a6',
    inconclusive: '#c596f5',
    broken: '#ff9b62',
  },
  series: ['#6ea3ff', '#f0a340', '#3cc4b0', '#c08cf0', '#c4c04a', '#d0946a', '#f07fc0', '#9aa8bb'],
};

function variables(scheme: typeof light): string {
  const { verdicts, series, ...plain } = scheme;
  return [
    ...Object.entries(plain).map(([name, value]) => `--${name}:${value}`),
    ...Object.entries(verdicts).map(([name, value]) => `--v-${name}:${value}`),
    ...series.map((value, index) => `--c${index}:${value}`),
  ].join(';');
}

const toneOf = Object.keys(light.verdicts).map(
  (name) =>
    `.v-${name}{--tone-of:var(--v-${name});color:var(--tone-of)}.b-${name}{background:var(--v-${name})}`,
);
const outcomes = {
  conformant: 'pass',
  nothingRan: 'unsupported',
  inconclusive: 'inconclusive',
  interrupted: 'warn',
  notConformant: 'fail',
  // Of a comparison.
  same: 'pass',
  differs: 'warn',
  ...Object.fromEntries(Object.keys(light.verdicts).map((name) => [name, name])),
};

/** Paper is white, so print takes the light colours whatever the screen has. */
export const colours = `:root{color-scheme:light dark;${variables(light)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(dark)}}}
@media print{:root{--page:#fff}}
${toneOf.join('\n')}
${light.series.map((_, index) => `.c${index}{--tone-of:var(--c${index})}`).join('')}
${Object.entries(outcomes)
  .map(([outcome, verdict]) => `.o-${outcome}{--tone:var(--v-${verdict})}`)
  .join('')}
`;
