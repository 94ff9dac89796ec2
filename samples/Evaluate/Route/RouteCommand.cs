using LlmKit.Calls;
using LlmKit.Orchestration.Routing.Evaluation;

namespace Evaluate;

/// <summary>Evaluates routing policies on requests that both models answered.</summary>
internal static class RouteCommand
{
    private const double Normal95 = 1.96;
    private const double UsualFloor = 0.95;

    public static Command Entry { get; } = new("route", RouteSettings.Usage, RunAsync);

    private static async Task RunAsync(string[] arguments, Output output, CancellationToken cancellationToken)
    {
        var settings = RouteSettings.Parse(arguments);
        var rows = RouteFile.Read(settings.File);
        var splits = new List<ReportSection>();
        var floors = new List<FloorTrial>();
        for (var seed = 0; seed < settings.Seeds; seed++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var split = new RouteSplit(rows, settings.Split, seed);
            splits.Add(split.Report(settings.Floor ?? UsualFloor).All);
            if (settings.Floor is { } floor)
                floors.Add(split.TryFloor(floor));
        }

        if (settings.Html is { } page)
            WritePage(page, settings, rows);
        var results = Ordered(splits[0]).Select(policy => ResultOf(policy, splits)).ToList();
        if (settings.Json)
            await output.Result.WriteLineAsync(RouteJson.Of(rows.Count, results, floors));
        else
            await RouteTable.WriteAsync(output.Result, rows.Count, settings, results, floors);
    }

    /// <exception cref="InputException">The file cannot be written.</exception>
    private static void WritePage(string path, RouteSettings settings, IReadOnlyList<RouteRow> rows)
    {
        var split = new RouteSplit(rows, settings.Split, seed: 0);
        var report = split.Report(settings.Floor ?? UsualFloor, $"{Path.GetFileName(settings.File)}: {split.Test.Length} of {rows.Count} requests, on which no policy was trained.");
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

    /// <summary>The policies, those that know more after those that know less, and chance and the oracle at the ends.</summary>
    private static IEnumerable<string> Ordered(ReportSection split)
    {
        string[] policies = [.. split.Lines.Select(line => line.Policy).Except(["always weak", "random", "length", "oracle", "always strong"])];
        return ["random", "length", .. policies.Reverse(), "oracle"];
    }

    private static RouteResult ResultOf(string policy, List<ReportSection> splits)
    {
        var own = splits.ConvertAll(split => split[policy]);
        var over = splits.Select(split => split[policy].Apgr?.Value - split["length"].Apgr?.Value).OfType<double>().ToList();
        return new(
            policy,
            MeanOf(own.Select(line => line.Apgr)),
            MeanOf(own.Select(line => line.Cpt50)),
            MeanOf(own.Select(line => line.Cpt80)),
            over.Count == 0 ? null : over.Average(),
            over.Count < 2 ? null : over.Average() - (Normal95 * Math.Sqrt(over.Sum(difference => Math.Pow(difference - over.Average(), 2)) / (over.Count - 1) / over.Count)));
    }

    private static Interval? MeanOf(IEnumerable<Interval?> intervals)
    {
        var known = intervals.OfType<Interval>().ToList();
        return known.Count == 0 ? null : new(known.Average(interval => interval.Value), known.Average(interval => interval.Low), known.Average(interval => interval.High));
    }
}
