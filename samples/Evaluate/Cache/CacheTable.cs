using System.Globalization;
using LlmKit;

namespace Evaluate;

/// <summary>The result for a person.</summary>
internal static class CacheTable
{
    public static string NameOf(CacheGuards guards) => guards switch { CacheGuards.Strict => "strict", CacheGuards.Off => "off", _ => "balanced" };

    public static async Task WriteAsync(TextWriter output, CalibrationResult guarded, CalibrationResult bare)
    {
        var hasGuards = guarded.Guards != CacheGuards.Off;
        await output.WriteLineAsync();
        await output.WriteLineAsync("threshold" + Heading($"guards {NameOf(guarded.Guards)}") + (hasGuards ? Heading("guards off") : ""));
        await output.WriteLineAsync("         " + Names() + (hasGuards ? Names() : ""));
        foreach (var (point, without) in guarded.Curve.Zip(bare.Curve))
            await output.WriteLineAsync(Text($"{point.Threshold,9:0.00}") + Row(point) + (hasGuards ? Row(without) : ""));
        await output.WriteLineAsync();
        await output.WriteLineAsync(Verdict(guarded));
        if (hasGuards)
            await output.WriteLineAsync(Verdict(bare));
        await output.WriteLineAsync("Precision in brackets: where it lies with a confidence of 95 % (Clopper-Pearson). What this does not prove: that your traffic is like these pairs.");
    }

    private static string Heading(string text) => $"   | {text,-45}";

    private static string Names() => $"   | {"hits",6} {"wrong",6} {"precision",9} {"",-15} {"recall",6}";

    private static string Row(CalibrationPoint point)
    {
        var (lower, upper) = point.PrecisionInterval;
        var precision = point.Precision is { } share ? Text($"{share,9:0.0%} ") + Text($"[{lower:0.0%}, {upper:0.0%}]").PadRight(15) : $"{"-",9} {"",-15}";
        return Text($"   | {point.Hits,6} {point.WrongHits,6} ") + precision + Text($" {point.Recall,6:0.0%}");
    }

    private static string Verdict(CalibrationResult result)
    {
        var name = $"Guards {NameOf(result.Guards)}: ";
        if (result.Chosen is { } chosen)
            return Text($"{name}MinSimilarity = {chosen.Threshold:0.00} is proved: {result.HitRate:0.0%} of the pairs hit, {chosen.WrongHitRate:0.0%} of the hits are wrong, below {chosen.WrongHitBound:0.00%} with a confidence of 95 % (target {result.MaxWrongHitRate:0.##%}).");
        return result.Needed is { } needed
            ? Text($"{name}no threshold is proved. Not enough labels: {needed} pairs must hit without more wrong ones than at the best threshold here (target {result.MaxWrongHitRate:0.##%}).")
            : Text($"{name}no threshold is proved, and more such labels would not help: more than {result.MaxWrongHitRate:0.##%} of the hits are wrong at every one.");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
