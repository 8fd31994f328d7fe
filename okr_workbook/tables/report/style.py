"""The report's style sheet: one column on a phone, two on a screen, plain on paper. Colours come from the palette."""

from __future__ import annotations

from okr_workbook.tables import palette as p

STATUS_STYLES = "\n".join(
    f".s-{status} {{ color: {paint.text}; background: {paint.fill}; }}"
    for status, paint in (p.STATUS_PAINT | p.SEVERITY_PAINT).items()
)

STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; padding: 16px; font: 15px/1.45 Calibri, Carlito, "Segoe UI", system-ui, sans-serif;
  color: {p.INK}; background: {p.WHITE}; overflow-wrap: anywhere; -webkit-print-color-adjust: exact; print-color-adjust: exact; }}
main, header, footer {{ max-width: 1120px; margin: 0 auto; }}
h1 {{ font-size: 26px; line-height: 1.2; margin: 0 0 4px; }}
h2 {{ font-size: 17px; margin: 32px 0 10px; padding-bottom: 5px; border-bottom: 1px solid {p.LINE}; }}
p {{ margin: 0; }}
ul, ol {{ list-style: none; margin: 0; padding: 0; }}
.quiet {{ color: {p.MUTED}; font-size: 13px; }}
.pill {{ display: inline-block; padding: 1px 9px; border-radius: 10px; font-size: 13px; white-space: nowrap; }}
.s-no_data, .s-not_started {{ box-shadow: inset 0 0 0 1px {p.LINE}; }}
.top {{ display: grid; gap: 16px; margin-top: 16px; align-items: start; }}
.score {{ color: {p.WHITE}; background: {p.DEEP}; border-radius: 10px; padding: 20px 22px; }}
.score .figure {{ font-size: 56px; font-weight: 700; line-height: 1; margin: 2px 0 6px; }}
.score .quiet {{ color: {p.ON_DEEP}; font-size: 14px; }}
.score .pill {{ margin: 10px 0 8px; font-size: 15px; }}
.score .counts .pill {{ margin: 0; font-size: 13px; }}
.nowrap {{ white-space: nowrap; }}
.counts {{ display: flex; flex-wrap: wrap; gap: 6px; margin-top: 14px; }}
.alert {{ display: grid; grid-template-columns: 22px 1fr; padding: 9px 0; border-bottom: 1px solid {p.LINE}; }}
.alert:last-child {{ border: 0; }}
.symbol {{ font-weight: 700; }}
.late {{ color: {p.STATUS_PAINT["at_risk"].fill}; }}
.alert .what {{ font-weight: 600; }}
.alert .todo {{ color: {p.INK}; }}
.news li {{ display: grid; grid-template-columns: 22px 1fr; padding: 4px 0; }}
.cols {{ display: grid; gap: 0 32px; }}
.row {{ display: grid; grid-template-columns: 1fr auto; gap: 2px 14px; padding: 9px 0; border-bottom: 1px solid {p.LINE};
  align-items: center; break-inside: avoid; }}
.row .bar {{ grid-column: 1 / -1; }}
.row .right {{ text-align: right; white-space: nowrap; }}
.row b {{ font-weight: 600; }}
.d1 {{ margin-left: 18px; }} .d2 {{ margin-left: 36px; }} .d3 {{ margin-left: 54px; }}
svg {{ display: block; width: 100%; }}
.bar {{ height: 12px; }}
.chart {{ max-width: 600px; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ overflow-wrap: break-word; }}
th {{ text-align: left; font-size: 13px; color: {p.MUTED}; font-weight: 400; padding: 6px 10px 6px 0; }}
td {{ padding: 8px 10px 8px 0; border-top: 1px solid {p.LINE}; vertical-align: top; }}
tbody th {{ padding: 18px 0 6px; color: {p.INK}; font-size: 15px; font-weight: 600; }}
td.bars {{ width: 18%; min-width: 120px; }}
tr {{ break-inside: avoid; }}
tr:has(th) {{ break-after: avoid; }}
.tiles {{ display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); }}
.tile {{ background: {p.SURFACE}; border-radius: 10px; padding: 14px 16px; break-inside: avoid; }}
.tile .figure {{ font-size: 26px; font-weight: 700; margin: 2px 0; }}
.spark {{ height: 34px; margin: 8px 0; }}
.problem {{ padding: 8px 0; border-bottom: 1px solid {p.LINE}; break-inside: avoid; }}
footer {{ margin-top: 36px; padding-top: 12px; border-top: 1px solid {p.LINE}; }}
footer li {{ padding: 2px 0; }}
{STATUS_STYLES}
@media (min-width: 820px) {{
  body {{ padding: 32px; }}
  .top {{ grid-template-columns: 340px 1fr; gap: 32px; }}
  .top h2 {{ margin-top: 0; }}
  .cols {{ grid-template-columns: 1fr 1fr; }}
}}
@media (min-width: 641px) {{
  td:first-child {{ width: 27%; }} td:nth-child(3) {{ width: 16%; }} td:last-child {{ width: 17%; }}
}}
@media (max-width: 640px) {{
  thead {{ display: none; }}
  table, tbody, tr, td, tbody th {{ display: block; width: 100%; }}
  tr {{ padding: 8px 0; border-top: 1px solid {p.LINE}; }}
  td, td.bars {{ border: 0; padding: 2px 0; width: 100%; }}
  td[data-label]::before {{ content: attr(data-label) " · "; color: {p.MUTED}; font-size: 13px; }}
  tbody th {{ padding: 10px 0 0; }}
}}
@media print {{
  @page {{ size: A4; margin: 14mm; }}
  body {{ padding: 0; font-size: 10pt; }}
  h2 {{ break-after: avoid; margin-top: 18px; }}
  .top {{ grid-template-columns: 240px 1fr; gap: 20px; }}
  .alert, .news li, footer {{ break-inside: avoid; }}
  .tiles {{ grid-template-columns: repeat(4, 1fr); gap: 10px; }}
  .tile {{ padding: 10px 12px; }}
  table, tbody th {{ font-size: 9.5pt; }}
  td.bars {{ width: 15%; min-width: 0; }}
}}
"""
