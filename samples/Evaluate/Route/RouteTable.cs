namespace Evaluate;

/// <summary>The result for a person.</summary>
internal static class RouteTable
{
    private const string Legend =
        "APGR: the part of the gap between the models that is recovered, in the mean over all shares of the strong one; random has 0.5. CPT: the share of the strong model that recovers so much. The interval is that of one test part.";

    public static async Task WriteAsync(TextWriter output, int rows, RouteSettings settings, IReadOnlyList<RouteResult> results, IReadOnlyList<FloorTrial> floors)
    {
        await output.WriteLineAsync(Text($"{rows} requests, {settings.Split:0.##} of them trained on, {settings.Seeds} splits."));
        await output.WriteLineAsync();
        await output.WriteLineAsync($"{"policy",-18} {"APGR",6} {"95 % interval",15} {"CPT50",7} {"CPT80",7}   over length (lower bound)");
        foreach (var result in results)
        {
            await output.WriteLineAsync(
                Text($"{result.Policy,-18} {result.Apgr,6:0.000} {$"{result.Low:0.000}–{result.High:0.000}",15} {result.Cpt50,7:0.0%} {result.Cpt80,7:0.0%}")
                + (result.Policy is "length" or "random" or "oracle" || result.OverLengthLow is null ? "" : Text($"   {result.OverLength:+0.000;-0.000;0.000} ({result.OverLengthLow:+0.000;-0.000;0.000})")));
        }

        await output.WriteLineAsync(Legend);
        if (floors.Count > 0)
        {
            await output.WriteLineAsync();
            await output.WriteLineAsync(Text(
                $"A threshold calibrated for {settings.Floor:0.#%} of the strong model's quality missed it in {floors.Average(trial => trial.IsMissed ? 1.0 : 0):0.0%} of the splits, with {floors.Average(trial => trial.StrongShare):0.0%} for the strong model."));
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
