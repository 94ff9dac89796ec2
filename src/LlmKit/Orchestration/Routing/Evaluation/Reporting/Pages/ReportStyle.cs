namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>How a page looks, by day and by night.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--page:#f6f7f9;--paper:#fff;--ink:#1b2430;--soft:#5b6675;--rule:#dfe3e8;--grid:#e9ecf0;--p0:#1f5fd0;--p1:#c2410c;--p2:#0f766e;--p3:#9333ea;--p4:#a16207;--base:#8a94a3;--band:#1f5fd022}
        @media (prefers-color-scheme:dark){:root{--page:#12161c;--paper:#1a2029;--ink:#e6eaf0;--soft:#9aa5b4;--rule:#2d3643;--grid:#262e39;--p0:#6ea2ff;--p1:#fb923c;--p2:#2dd4bf;--p3:#c084fc;--p4:#facc15;--base:#7c8899;--band:#6ea2ff2b}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1160px;margin:0 auto;padding:40px 24px 64px}
        h1{font-size:30px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em;overflow-wrap:anywhere}
        h2{font-size:18px;margin:0 0 12px}
        p{margin:0}
        .note{color:var(--soft);overflow-wrap:anywhere}
        header{margin-bottom:24px}
        section{background:var(--paper);border:1px solid var(--rule);border-radius:12px;padding:22px 24px;margin-bottom:20px}
        section.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:16px;background:none;border:0;padding:0}
        .card{background:var(--paper);border:1px solid var(--rule);border-radius:12px;padding:18px 20px}
        .card:first-child{border-top:4px solid var(--p0);padding-top:15px}
        .figure{font-size:34px;line-height:1.1;font-weight:650;letter-spacing:-.02em}
        .what{font-weight:600;margin:2px 0 6px}
        .more,figcaption p,.reading p{color:var(--soft);font-size:13.5px;overflow-wrap:anywhere}
        figure{margin:0}
        figure>svg{display:block;width:100%;height:auto}
        text{fill:var(--soft);font-size:12.5px}
        .label{font-size:13px}
        .mark{fill:var(--ink);font-size:13px;font-weight:600}
        .grid{stroke:var(--grid)}.axis{stroke:var(--base)}
        .reference{stroke:var(--base);stroke-dasharray:1 4;stroke-linecap:round}
        .band{fill:var(--band)}
        .line{fill:none;stroke-width:2;stroke-linejoin:round}
        .p0{stroke:var(--p0);stroke-width:3.2}.p1{stroke:var(--p1)}.p2{stroke:var(--p2)}.p3{stroke:var(--p3)}.p4{stroke:var(--p4)}
        .random{stroke:var(--base);stroke-dasharray:7 5}.length{stroke:var(--base)}.oracle{stroke:var(--base);stroke-dasharray:2 3}
        .end{fill:var(--base)}.chosen{fill:var(--paper);stroke:var(--p0);stroke-width:3.2}
        .choice{stroke:var(--p0);stroke-dasharray:3 4}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:6px 20px;margin:12px 0 8px;padding:0;font-size:13.5px}
        .legend svg{width:28px;height:10px;margin-right:8px;vertical-align:middle}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
        th,td{padding:7px 8px;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}
        th:first-child{text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:170px}
        thead tr+tr th:first-child{text-align:right;min-width:0}
        thead th{color:var(--soft);font-weight:600;font-size:12.5px}
        thead th[colspan]{text-align:center}
        tbody th{font-weight:500}
        .main th,.main td{font-weight:700;background:var(--band)}
        small{color:var(--soft);font-weight:400}
        td small{display:block;font-size:12px}
        section p+.scroll{margin-top:12px}
        @media print{body{background:#fff}section,.card{break-inside:avoid}}
        """;
}
