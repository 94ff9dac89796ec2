using System.Globalization;
using System.Text;
using LlmKit.Benchmarks.Results;
using LlmKit.Models;

namespace LlmKit.Benchmarks.Tokens;

/// <summary>Writes how good the token estimates are: for each kind of text by itself, and for the calls of whole applications.</summary>
internal static class TokenTables
{
    private const int Calls = 600;

    private static readonly int[] Seeds = [1, 2, 3, 4, 5];
    private static readonly Tokenizer[] Tokenizers = [Tokenizer.O200k, Tokenizer.Claude];

    public static int Write()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# Tokens\n\n{ResultTables.Origin()}\n\nMade by `dotnet run -c Release --project benchmarks/LlmKit.Benchmarks -- tokens`, from {TokenCorpus.Texts.Count} texts. {TokenCorpus.About}\n");
        AppendKinds(text);
        AppendWorkloads(text);
        Console.Write(text);
        return ResultTables.Save("Tokens", text.ToString());
    }

    private static void AppendKinds(StringBuilder text)
    {
        text.Append("\n## Single texts, nothing learnt\n\n");
        text.Append("`Estimate` against the real count: the sum over the texts of a kind, and the median of the single errors. `WorstCase`: the least of its ratios to the real count.\n\n");
        text.Append("| | Texts | Characters a token | Sum, o200k_base | Median error | Worst case | Sum, older Claude | Worst case |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var kind in TokenCorpus.Texts.GroupBy(entry => entry.Kind))
        {
            var errors = kind.Select(entry => Math.Abs(TokenEstimator.Estimate(entry.Text) / (double)entry.O200k - 1)).Order().ToList();
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {kind.Key} | {kind.Count()} | {kind.Sum(entry => entry.Text.Length) / (double)kind.Sum(entry => entry.O200k):0.0} | {Math.Round(Sum(kind, Tokenizer.O200k), 2):+0 %;-0 %;0 %} | {errors[errors.Count / 2]:0 %} | {LeastReserve(kind, Tokenizer.O200k):0.0} | {Math.Round(Sum(kind, Tokenizer.Claude), 2):+0 %;-0 %;0 %} | {LeastReserve(kind, Tokenizer.Claude):0.0} |\n");
        }
    }

    private static void AppendWorkloads(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n## Calls of applications, learning from each report\n\nThe texts above, put together at random: {Calls} calls for each of {Seeds.Length} seeds, each seed beginning with a model of which nothing is known. Corrected: calls after the first {TokenTrial.FirstCalls}. Under-reserved: the calls whose worst case was below their real tokens, the first ones included.\n\n");
        text.Append("| | Tokenizer | Uncorrected, median error | Corrected, median error | Corrected, 90 % below | Under-reserved | Reserved for a real token |\n|---|---|---:|---:|---:|---:|---:|\n");
        foreach (var workload in TokenWorkload.All)
        {
            foreach (var tokenizer in Tokenizers)
            {
                var trial = TokenTrial.Run(workload, tokenizer, Calls, Seeds);
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {workload.Name} | {(tokenizer == Tokenizer.O200k ? "o200k_base" : "older Claude")} | {trial.Uncorrected:0.0 %} | {trial.Corrected:0.0 %} | {trial.CorrectedP90:0.0 %} | {trial.UnderReserved:0.00 %} | {trial.Reserved:0.0} |\n");
            }
        }
    }

    private static double Sum(IEnumerable<CorpusText> texts, Tokenizer tokenizer) =>
        texts.Sum(text => TokenEstimator.Estimate(text.Text)) / (double)texts.Sum(text => text.CountOf(tokenizer)) - 1;

    private static double LeastReserve(IEnumerable<CorpusText> texts, Tokenizer tokenizer) =>
        texts.Min(text => TokenEstimator.WorstCase(text.Text) / (double)text.CountOf(tokenizer));
}
