using LlmKit.Orchestration.Routing.Evaluation;

namespace Evaluate;

/// <summary>Evaluates routing policies on requests that both models answered.</summary>
internal static class RouteCommand
{
    private const double Normal95 = 1.96;

    public static Command Entry { get; } = new("route", RouteSettings.Usage, RunAsync);

    private static async Task RunAsync(string[] arguments, Output output, CancellationToken cancellationToken)
    {
        var settings = RouteSettings.Parse(arguments);
        var rows = RouteFile.Read(settings.File);
        var curves = new List<List<(string Policy, CostQualityCurve Curve)>>();
        var floors = new List<FloorTrial>();
        for (var seed = 0; seed < settings.Seeds; seed++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var split = new RouteSplit(rows, settings.Split, seed);
            curves.Add([.. split.Curves()]);
            if (settings.Floor is { } floor)
                floors.Add(split.TryFloor(floor));
        }

        if (settings.Html is { } page)
            WritePage(page, settings, rows);
        var results = curves[0].Select(named => ResultOf(named.Policy, curves)).ToList();
        if (settings.Json)
            await output.Result.WriteLineAsync(RouteJson.Of(rows.Count, results, floors));
        else
            await RouteTable.WriteAsync(output.Result, rows.Count, settings, results, floors);
    }

    /// <exception cref="InputException">The file cannot be written.</exception>
    private static void WritePage(string path, RouteSettings settings, IReadOnlyList<RouteRow> rows)
    {
        const double usual = 0.95;
        var split = new RouteSplit(rows, settings.Split, seed: 0);
        var report = split.Report($"{Path.GetFileName(settings.File)}: {split.Test.Length} of {rows.Count} requests, on which no policy was trained.", settings.Floor ?? usual);
        try
        {
            using var writer = new StreamWriter(path);
            report.WriteHtml(writer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"The page '{path}' cannot be written ({exception.GetType().Name}). Give a path to write to.", exception);
        }
    }

    private static RouteResult ResultOf(string policy, List<List<(string Policy, CostQualityCurve Curve)>> splits)
    {
        var own = splits.ConvertAll(split => split.First(named => named.Policy == policy).Curve);
        var intervals = own.Select((curve, seed) => curve.ApgrInterval(seed: seed)).OfType<Interval>().ToList();
        var over = own.Zip(splits, (curve, split) => curve.Apgr - split.First(named => named.Policy == "length").Curve.Apgr).OfType<double>().ToList();
        return new(
            policy,
            MeanOf(own.Select(curve => curve.Apgr)),
            MeanOf(intervals.Select(interval => (double?)interval.Low)),
            MeanOf(intervals.Select(interval => (double?)interval.High)),
            MeanOf(own.Select(curve => curve.Cpt(0.5))),
            MeanOf(own.Select(curve => curve.Cpt(0.8))),
            MeanOf(over.Select(difference => (double?)difference)),
            over.Count < 2 ? null : over.Average() - (Normal95 * Math.Sqrt(over.Sum(difference => Math.Pow(difference - over.Average(), 2)) / (over.Count - 1) / over.Count)));
    }

    private static double? MeanOf(IEnumerable<double?> values) => values.Average();
}
