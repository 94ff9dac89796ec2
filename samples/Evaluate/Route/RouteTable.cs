using LlmKit.Calls;

namespace Evaluate;

/// <summary>The result for a person.</summary>
internal static class RouteTable
{
    private const string Legend =
        "APGR: the part of the gap between the models that is recovered, in the mean over all shares of the strong one; random has 0.5. CPT: the share of the strong model that recovers so much. The intervals are those of one test part; one of CPT that reaches 100% says that so much may never be recovered.";

    public static async Task WriteAsync(TextWriter output, int rows, RouteSettings settings, IReadOnlyList<RouteResult> results, IReadOnlyList<FloorTrial> floors)
    {
        await output.WriteLineAsync(Text($"{rows} requests, {settings.Split:0.##} of them trained on, {settings.Seeds} splits."));
        await output.WriteLineAsync();
        await output.WriteLineAsync($"{"policy",-18} {"APGR",6} {"95 % interval",15} {"CPT50",7} {"95 %",11} {"CPT80",7} {"95 %",11}   over length (lower bound)");
        foreach (var result in results)
        {
            await output.WriteLineAsync(
                Text($"{result.Policy,-18} {result.Apgr?.Value,6:0.000} {Text($"{result.Apgr?.Low:0.000}–{result.Apgr?.High:0.000}"),15} {result.Cpt50?.Value,7:0.0%} {Shares(result.Cpt50),11} {result.Cpt80?.Value,7:0.0%} {Shares(result.Cpt80),11}")
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

    private static string Shares(Interval? interval) => Text($"{interval?.Low:0.0%}–{interval?.High:0.0%}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
