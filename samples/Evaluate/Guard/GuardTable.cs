using LlmKit.Text;

namespace Evaluate;

/// <summary>The result for a person.</summary>
internal static class GuardTable
{
    private const string Legend =
        "Score: the least score of a match that counted. Where it is low, the last column has F1 at a medium score, which a bare identifier without a telling word does not reach. Weak: rows that the file itself calls weak, not counted.";

    public static async Task WriteAsync(TextWriter output, GuardResult result)
    {
        await output.WriteLineAsync($"{result.Rows} rows.");
        if (result.Entities.Count > 0)
            await WriteAsync(output, result.Entities);
        if (result.Injection is { } injection)
            await WriteAsync(output, injection);
        await output.WriteLineAsync();
        await output.WriteLineAsync(Text($"The default rail reads {result.CharsPerSecond / 1e6:0.0} million characters a second on one thread."));
    }

    private static async Task WriteAsync(TextWriter output, IReadOnlyList<EntityScore> entities)
    {
        await output.WriteLineAsync();
        await output.WriteLineAsync($"{"entity",-26} {"score",-6} {"precision",9} {"recall",9} {"F1",9} {"n",5} {"weak",5} {"F1 medium",9}");
        foreach (var entity in entities)
            await output.WriteLineAsync(Text($"{entity.Entity,-26} ") + Figures(entity));
        await output.WriteLineAsync(Legend);
    }

    private static string Figures(EntityScore entity)
    {
        var counts = Text($" {entity.Rows,5} {entity.WeakRows,5}");
        if (entity.MinScore is not { } least)
            return $"{"not covered",-36}{counts}";
        if (!entity.IsScored)
            return $"{"no row counts",-36}{counts}";
        var medium = least == DetectionScore.Low ? Text($" {entity.AtMedium.F1,9:0.0000}") : "";
        return $"{(least == DetectionScore.Low ? "low" : "medium"),-6} {Shares(entity.Tally)}{counts}{medium}";
    }

    private static async Task WriteAsync(TextWriter output, InjectionScore injection)
    {
        await output.WriteLineAsync();
        await output.WriteLineAsync($"{"injection",-33} {"precision",9} {"recall",9} {"F1",9} {"n",5}   false positives");
        await output.WriteLineAsync(Text($"{"overall",-33} {Shares(injection.Tally)} {injection.Rows,5}   {injection.FalsePositiveRate:0.00%}"));
        foreach (var kind in injection.Kinds)
        {
            await output.WriteLineAsync(kind.IsAttack
                ? Text($"  attack, {kind.Kind,-33} {kind.Share,9:0.0000} {"",9} {kind.Rows,5}")
                : Text($"  harmless, {kind.Kind,-31} {"",9} {"",9} {kind.Rows,5}   {kind.Share:0.00%}"));
        }
    }

    private static string Shares(Tally tally) => Text($"{tally.Precision,9:0.0000} {tally.Recall,9:0.0000} {tally.F1,9:0.0000}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
