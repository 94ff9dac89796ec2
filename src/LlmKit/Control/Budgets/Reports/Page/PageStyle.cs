namespace LlmKit.Control.Budgets.Reports.Page;

/// <summary>How the page looks, light and dark, wide and narrow.</summary>
internal static class PageStyle
{
    public const string Sheet = """
        :root { --ground: #f4f5f7; --panel: #fff; --ink: #1c2330; --soft: #5a6475; --line: #dfe3ea; --track: #edf0f4; --warn: #b3261e; --soon: #9a5b00;
          --c0: #2f6fde; --c1: #e0803a; --c2: #17927f; --c3: #9d5bd0; --c4: #c79a14; --c5: #d14d72; --cx: #8b95a5; --held: #9cbcf3; --ahead: #bccbe6; }
        @media (prefers-color-scheme: dark) { :root { --ground: #12151b; --panel: #1b2029; --ink: #e8ebf1; --soft: #9aa5b6; --line: #2d3440; --track: #272e3a; --warn: #ff8a80; --soon: #f3b45c;
          --c0: #6c9dff; --c1: #f09b5c; --c2: #3fbfa9; --c3: #bb86ea; --c4: #dfb93e; --c5: #ec7a9a; --cx: #748094; --held: #3f5f9b; --ahead: #46557a; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
        main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 40px; }
        h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
        header p, h2 span, .note, .none, footer, dt, small, .tiles span { color: var(--soft); }
        header p { margin: 0 0 20px; }
        h2 { font-size: 17px; margin: 0 0 14px; }
        h2 span { font-weight: 400; font-size: 14px; margin-left: 6px; }
        section, .tiles > div { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; }
        section { padding: 18px 20px; margin: 0 0 18px; min-width: 0; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px; margin: 0 0 18px; }
        .tiles > div { padding: 14px 16px; }
        dt { font-size: 13px; } dd { margin: 2px 0 0; } dd strong { font-size: 25px; letter-spacing: -0.01em; } small { display: block; font-size: 12.5px; line-height: 1.35; margin-top: 2px; }
        .pairs { columns: 2; column-gap: 18px; } .pairs section { break-inside: avoid; }
        .plot { position: relative; height: 250px; padding: 8px 0 26px 62px; margin-bottom: 6px; }
        .plot svg { width: 100%; height: 100%; overflow: visible; display: block; }
        .y, .x { position: absolute; font-size: 12px; color: var(--soft); }
        .y { left: 0; width: 54px; top: 8px; bottom: 26px; } .y span { position: absolute; right: 0; transform: translateY(50%); white-space: nowrap; }
        .x { left: 62px; right: 0; bottom: 0; height: 20px; } .x span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
        .grid { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
        .c0 { fill: var(--c0); background: var(--c0); } .c1 { fill: var(--c1); background: var(--c1); } .c2 { fill: var(--c2); background: var(--c2); } .c3 { fill: var(--c3); background: var(--c3); }
        .c4 { fill: var(--c4); background: var(--c4); } .c5 { fill: var(--c5); background: var(--c5); } .cx { fill: var(--cx); background: var(--cx); }
        .track { fill: var(--track); } .held { fill: var(--held); background: var(--held); } .ahead { fill: var(--ahead); background: var(--ahead); }
        .mark { stroke: var(--ink); stroke-width: 2; vector-effect: non-scaling-stroke; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 0 0 10px; padding: 0; font-size: 13px; color: var(--soft); }
        .legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; } .legend i.ahead { height: 5px; vertical-align: 2px; } .legend i.mark { width: 2px; border-radius: 0; background: var(--ink); }
        bdi { overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; }
        th, td { text-align: right; font-weight: 400; padding: 5px 0 5px 12px; white-space: nowrap; }
        thead th { color: var(--soft); font-size: 12.5px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
        th:first-child { text-align: left; padding-left: 0; }
        .bars tbody th { max-width: 0; width: 30%; overflow: hidden; text-overflow: ellipsis; } .bars td:nth-child(2) { width: 40%; }
        .bar { display: block; width: 100%; height: 12px; background: var(--track); border-radius: 3px; }
        .wide { overflow-x: auto; } details { font-size: 14px; } summary { cursor: pointer; color: var(--soft); margin-bottom: 6px; } .wide tbody tr + tr > * { border-top: 1px solid var(--line); }
        .limits { list-style: none; margin: 0; padding: 0; } .limits li { display: grid; grid-template-columns: 210px 1fr; gap: 2px 18px; padding: 11px 0; } .limits li + li { border-top: 1px solid var(--line); }
        .whose { grid-row: span 3; overflow-wrap: anywhere; line-height: 1.35; } .whose > bdi { font-weight: 600; } .whose span { display: block; color: var(--soft); font-size: 13px; }
        .limit { display: block; width: 100%; height: 16px; border-radius: 4px; margin: 3px 0; } .figures { font-size: 13.5px; color: var(--soft); } .figures strong { color: var(--ink); margin-right: 4px; }
        .outlook { font-size: 13.5px; } .soon .outlook { color: var(--soon); font-weight: 600; } .gone .outlook, .warn { color: var(--warn); font-weight: 600; }
        .soon .limit .c0 { fill: var(--c1); } .gone .limit .c0 { fill: var(--c5); }
        .note, .none, footer { font-size: 13px; } .note, .none { margin: 10px 0 0; } footer { margin-top: 16px; } footer p { margin: 4px 0; }
        .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        @media (max-width: 800px) { .pairs { columns: 1; } }
        @media (max-width: 560px) { main { padding: 18px 12px 28px; } section { padding: 14px; } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; } .more, .spare { display: none; }
          .limits li { grid-template-columns: minmax(0, 1fr); } .whose { grid-row: auto; } .whose span { display: inline; margin-left: 4px; } .plot { padding-left: 48px; height: 210px; } .y { width: 42px; } .x { left: 48px; } }
        @media print { body { background: none; } section { break-inside: avoid; } }

        """;
}
