"""The style of the page: for desktop and phone, light and dark, and for print. System fonts, nothing is loaded."""

_DAY = """
  --paper: #ffffff; --wash: #f4f6f8; --ink: #1a1f24; --soft: #56606b; --line: #dfe3e8; --edge: #aab2bb;
  --one: #1d5fa6; --one-thin: #1d5fa624; --two: #a3410b; --two-thin: #a3410b24; --track: #e9edf1; --shade: #0000002e;
"""
_NIGHT = """
  --paper: #14171b; --wash: #1c2127; --ink: #e5e8eb; --soft: #a1aab4; --line: #2d343c; --edge: #56606b;
  --one: #7db4f0; --one-thin: #7db4f030; --two: #f3a173; --two-thin: #f3a17330; --track: #262d35; --shade: #ffffff2e;
"""

_ALL = """
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; }
.sheet { max-width: 74rem; margin: 0 auto; padding: 2rem 1.5rem 3rem; overflow-wrap: break-word; }
header { padding-bottom: 1.25rem; border-bottom: 2px solid var(--ink); }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.015em; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; line-height: 1.3; letter-spacing: -.01em; }
h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; line-height: 1.35; }
p { margin: 0 0 .6rem; max-width: 52rem; }
header p { margin: .35rem 0 0; color: var(--soft); }
header ul { margin: .75rem 0 0; padding: .6rem 1rem .6rem 2rem; background: var(--wash);
  border-left: 3px solid var(--two); }
nav { font-size: .875rem; }
nav ol { list-style: none; display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; margin: 0; padding: .9rem 0 0; }
a { color: var(--one); text-underline-offset: .2em; text-decoration-thickness: 1px; }
nav a { display: inline-block; padding: .25rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--one); outline-offset: 2px; }
section { padding-top: 2.25rem; }
.note, .none, figcaption p { color: var(--soft); font-size: .8125rem; line-height: 1.45; }
.note { margin: .15rem 0 0; max-width: 56rem; }
.wide + .note { margin-top: .6rem; }
.wide { overflow-x: auto; max-width: 100%; margin-top: .5rem;
  background: linear-gradient(to left, var(--paper) 1rem, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--shade), transparent) right / .6rem 100% no-repeat scroll; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { padding: .36rem .8rem .36rem 0; text-align: left; vertical-align: baseline;
  border-bottom: 1px solid var(--line); max-width: 26rem; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-weight: 600; font-size: .8125rem; vertical-align: bottom;
  border-bottom-color: var(--edge); }
tbody th { font-weight: 600; background: var(--paper); min-width: 7rem; }
tbody tr:hover > * { background: var(--wash); }
.n { text-align: right; white-space: nowrap; }
.bars { width: 100%; }
.bars th, .bars td { max-width: none; vertical-align: middle; }
.bars .drawn { width: 45%; min-width: 9rem; padding-right: 1.2rem; }
.bars td:last-child { white-space: nowrap; }
.bars .over { color: var(--two); font-weight: 600; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1.75rem 2rem;
  margin-top: 1rem; }
figure { margin: 0; min-width: 0; border-top: 1px solid var(--edge); padding-top: .5rem; }
figcaption h3 { margin: 0; }
figcaption p { margin: .1rem 0 .4rem; }
details { font-size: .8125rem; }
summary { color: var(--soft); cursor: pointer; padding: .2rem 0; }
svg { display: block; }
svg.picture { width: 100%; max-width: 30rem; height: auto; overflow: visible; }
svg text { fill: var(--soft); font-size: 11px; font-family: inherit; font-variant-numeric: tabular-nums;
  paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
svg text.strong { fill: var(--ink); font-weight: 600; }
svg text.late, svg text.out { fill: var(--two); font-weight: 600; }
svg text.in { fill: var(--one); font-weight: 600; }
.grid { stroke: var(--line); }
.axis { stroke: var(--edge); }
.curve { fill: none; stroke: var(--one); stroke-width: 2; stroke-linejoin: round; }
.under, .stock { fill: var(--one-thin); }
.stock { stroke: var(--one); stroke-width: 1.25; }
.median { stroke: var(--ink); stroke-dasharray: 1 3; }
.dot { fill: var(--ink); stroke: var(--paper); stroke-width: 1.5; }
.target { stroke: var(--two); stroke-width: 2; stroke-dasharray: 5 3; }
.bar .target { stroke: var(--ink); stroke-dasharray: none; }
.in, .good { fill: var(--one); }
.out, .late { fill: var(--two); }
.band { fill: var(--one-thin); stroke: var(--one); }
.typed { fill: transparent; stroke: var(--ink); }
.range { stroke: var(--one); fill: var(--one); stroke-width: 3; stroke-linecap: round; }
.range.faint { stroke: var(--soft); fill: var(--soft); stroke-width: 1.5; }
.track { fill: var(--track); }
.open { fill: var(--one-thin); stroke: var(--one); stroke-dasharray: 4 3; }
.open.late { fill: var(--two-thin); stroke: var(--two); }
.field { fill: transparent; }
g:hover > .field { fill: var(--one-thin); }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft);
  font-size: .8125rem; }
"""

_PHONE = """
@media (max-width: 40rem) {
  .sheet { padding: 1.25rem 1rem 2rem; }
  h1 { font-size: 1.5rem; }
  .wide > table > tbody > tr > th { position: sticky; left: 0; max-width: 42vw; }
  .wide { margin-right: -1rem; padding-right: 1rem; max-width: none; }
  .wide > table { min-width: max-content; }
  .wide > table > tbody > tr > td { max-width: 15rem; }
  .wide > table.bars { min-width: 0; }
  .wide > table.bars > tbody > tr > td { max-width: none; }
  .bars, .bars tbody { display: block; }
  .bars thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .bars tr { display: flex; flex-wrap: wrap; gap: .1rem .9rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .bars th, .bars td { display: block; border: 0; padding: 0; text-align: left; }
  .wide > table.bars > tbody > tr > th { position: static; max-width: none; flex: 1 1 100%; }
  .bars .drawn { flex: 1 1 100%; order: 2; padding: 0; }
  .bars td:last-child { margin-left: auto; }
  .bars .none { display: none; }
  .bars td[data-head]::before { content: attr(data-head) " "; color: var(--soft); }
  .bars td[data-head]::after { content: " days"; color: var(--soft); }
}
"""

_PAPER = """
@page { margin: 16mm 14mm; }
@media print {
  body { font-size: 9.5pt; }
  .sheet { max-width: none; padding: 0; }
  nav, details { display: none; }
  a { color: inherit; text-decoration: none; }
  section { break-inside: avoid-page; padding-top: 1.5rem; }
  h2, h3 { break-after: avoid-page; }
  tr, figure, p { break-inside: avoid; }
  thead { display: table-header-group; }
  .wide { overflow: visible; }
  table { font-size: 8.5pt; }
  th, td { max-width: none; }
  tbody th { min-width: 0; }
  .cards { grid-template-columns: 1fr 1fr; gap: 1rem 1.5rem; }
}
"""

_DARK = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark;{_NIGHT}}} }}\n"
STYLE = f":root {{ color-scheme: light;{_DAY}}}\n{_DARK}{_ALL}{_PHONE}{_PAPER}"
