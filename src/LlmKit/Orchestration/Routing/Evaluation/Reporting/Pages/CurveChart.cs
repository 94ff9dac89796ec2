using System.Text;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>Draws the cost-quality curves of a report as an SVG image.</summary>
internal sealed class CurveChart
{
    private const double Left = 64;
    private const double Right = 876;
    private const double Top = 20;
    private const double Bottom = 400;
    private const int Points = 100;

    private readonly RoutingReport _report;
    private readonly ReportLine _weak;
    private readonly ReportLine _strong;
    private readonly ChartAxis _x;
    private readonly ChartAxis _y;
    private readonly StringBuilder _svg = new();

    public CurveChart(RoutingReport report)
    {
        _report = report;
        (_weak, _strong) = (report.All[RoutingReport.AlwaysWeak], report.All[RoutingReport.AlwaysStrong]);
        var (low, high) = RangeOf(point => point.Quality);
        var room = Math.Max(1e-3, high - low) * 0.08;
        _y = new(low - room, high + room, Bottom, Top);
        var (least, most) = RangeOf(point => point.Cost);
        _x = new(least, most, Left, Right);
    }

    /// <summary>Gets whether there are requests enough for the range of a lead.</summary>
    public bool HasBand => _report.All.Count >= CurveIntervals.LeastCount;

    public string Draw()
    {
        _svg.Append("<svg viewBox=\"0 0 900 450\" role=\"img\" aria-labelledby=\"chart-title\"><title id=\"chart-title\">Quality over cost of each policy</title>");
        DrawAxes();
        DrawReference(_weak, "always weak", 14);
        DrawReference(_strong, "always strong", -7);
        if (HasBand)
            DrawBand(_report.Policies[0]);
        Line("random", [(_weak.Cost, _weak.Quality), (_strong.Cost, _strong.Quality)]);
        for (var i = _report.Policies.Count - 1; i >= 0; i--)
        {
            if (_report.Policies[i].Name != RoutingReport.Random)
                Line(ClassOf(i), [.. Thinned(_report.Policies[i].Curve.Points).Select(point => (point.Cost, point.Quality))]);
        }

        Dot(_weak.Cost, _weak.Quality, "end");
        Dot(_strong.Cost, _strong.Quality, "end");
        DrawChoice(_report.Policies[0].Calibration);
        return _svg.Append("</svg>").ToString();
    }

    /// <summary>Gives the style of a policy's line: baselines have one of their own, policies one of five colours.</summary>
    public string ClassOf(int policy) =>
        _report.Policies[policy].Name is RoutingReport.Random or RoutingReport.Length or RoutingReport.Oracle ? _report.Policies[policy].Name : $"p{Math.Min(policy, 4)}";

    private void DrawAxes()
    {
        foreach (var tick in _y.Ticks())
            Append($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{_y.At(tick):0.#}\" y2=\"{_y.At(tick):0.#}\"/><text class=\"tick\" text-anchor=\"end\" x=\"{Left - 8}\" y=\"{_y.At(tick) + 4:0.#}\">{tick:0.#%}</text>");
        foreach (var tick in _x.Ticks())
            Append($"<line class=\"grid\" x1=\"{_x.At(tick):0.#}\" x2=\"{_x.At(tick):0.#}\" y1=\"{Bottom}\" y2=\"{Bottom + 5}\"/><text class=\"tick\" text-anchor=\"middle\" x=\"{_x.At(tick):0.#}\" y=\"{Bottom + 20}\">{(_report.Options.CostUnit is null ? FormattableString.Invariant($"{tick:0.#%}") : FormattableString.Invariant($"{tick:0.######}"))}</text>");
        Append($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{Bottom}\" y2=\"{Bottom}\"/>");
        Append($"<text class=\"label\" text-anchor=\"middle\" x=\"{(Left + Right) / 2}\" y=\"{Bottom + 42}\">{ReportText.Encode(_report.Options.CostUnit is { } unit ? $"mean cost of a request, {unit}" : "share of requests that go to the strong model")}</text>");
        Append($"<text class=\"label\" text-anchor=\"middle\" transform=\"translate(16 {(Top + Bottom) / 2}) rotate(-90)\">mean score of the answers</text>");
    }

    private void DrawReference(ReportLine line, string name, double offset) =>
        Append($"<line class=\"reference\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{_y.At(line.Quality):0.#}\" y2=\"{_y.At(line.Quality):0.#}\"/><text class=\"tick\" x=\"{(name == RoutingReport.AlwaysWeak ? Right : Left + 6)}\" text-anchor=\"{(name == RoutingReport.AlwaysWeak ? "end" : "start")}\" y=\"{_y.At(line.Quality) + offset:0.#}\">{name} {line.Quality:0.0%}</text>");

    private void DrawBand(ReportedPolicy policy)
    {
        CurvePoint[] points = [.. Thinned(policy.Curve.Points)];
        var leads = policy.LeadsAt(Array.ConvertAll(points, point => point.StrongShare), _report.Options.Seed);
        var chances = Array.ConvertAll(points, point => _weak.Quality + (point.StrongShare * (_strong.Quality - _weak.Quality)));
        var upper = points.Select((point, index) => (point.Cost, chances[index] + leads[index].High));
        var lower = points.Select((point, index) => (point.Cost, chances[index] + leads[index].Low));
        Append($"<path class=\"band\" d=\"{PathOf([.. upper, .. lower.Reverse()])}Z\"/>");
    }

    private void DrawChoice(ThresholdCalibration calibration)
    {
        var point = calibration.Point;
        Append($"<line class=\"choice\" x1=\"{_x.At(point.Cost):0.#}\" x2=\"{_x.At(point.Cost):0.#}\" y1=\"{_y.At(point.Quality):0.#}\" y2=\"{Bottom}\"/>");
        Dot(point.Cost, point.Quality, "chosen");
        // On the side of the curve where there is room.
        var isLate = _x.At(point.Cost) > Right - 150;
        Append($"<text class=\"mark\" text-anchor=\"{(isLate ? "end" : "start")}\" x=\"{_x.At(point.Cost) + (isLate ? -10 : 10):0.#}\" y=\"{Math.Min(_y.At(point.Quality) + 64, Bottom - 10):0.#}\">{point.Quality:0.0%} with {point.StrongShare:0%} strong</text>");
    }

    private void Line(string style, (double Cost, double Quality)[] points) => Append($"<path class=\"line {style}\" d=\"{PathOf(points)}\"/>");

    private void Dot(double cost, double quality, string style) => Append($"<circle class=\"{style}\" cx=\"{_x.At(cost):0.#}\" cy=\"{_y.At(quality):0.#}\" r=\"5\"/>");

    private string PathOf((double Cost, double Quality)[] points) =>
        string.Concat(points.Select((point, index) => FormattableString.Invariant($"{(index == 0 ? 'M' : 'L')}{_x.At(point.Cost):0.#} {_y.At(point.Quality):0.#}")));

    private (double Low, double High) RangeOf(Func<CurvePoint, double> of)
    {
        double[] values = [.. _report.Policies.SelectMany(policy => policy.Curve.Points).Select(of)];
        return (values.Min(), values.Max());
    }

    /// <summary>As many points as can be told apart, the first and the last among them.</summary>
    private static IEnumerable<CurvePoint> Thinned(IReadOnlyList<CurvePoint> points) =>
        points.Count <= Points ? points : Enumerable.Range(0, Points + 1).Select(index => points[(int)((long)index * (points.Count - 1) / Points)]);

    private void Append(FormattableString text) => _svg.Append(FormattableString.Invariant(text));
}
