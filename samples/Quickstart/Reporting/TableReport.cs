using System.Globalization;
using LlmKit.Calls;
using Spectre.Console;

namespace Quickstart;

/// <summary>The result for a person: a table, one request step by step, and what it does not prove.</summary>
internal static class TableReport
{
    public static void Write(IAnsiConsole console, RunResult result, IReadOnlyList<Served> served)
    {
        console.Write(TableOf(result));
        SpendingTable.Write(console, result.Spending, served);
        Explain(console, served);
        console.WriteLine();
        console.MarkupLine("[grey]What this does not prove: the quality of a real model's answers or of a real embedder's similarities (the simulated ones come from the bundled handbook),[/]");
        console.MarkupLine("[grey]real latencies, or that an estimate of tokens meets a real provider's count: here both sides count alike, so a difference of 0 shows that nothing is lost or booked twice.[/]");
    }

    private static Table TableOf(RunResult result)
    {
        var (ours, bare, pipeline) = (result.Pipeline.Side, result.Bare, result.Pipeline);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "bare SDK", "LlmKit", "how it is proved");
        Row("requests", bare?.Requests, ours.Requests, "bundled workload, order of arrival kept");
        Row("answered right", bare?.Answered, ours.Answered, "compared with the handbook's answer, word by word");
        Row("wrong, or cut and passed off as good", bare?.Wrong, ours.Wrong, "same comparison; the finish reason says whether a cut was told");
        Row("failed", bare?.Failed, ours.Failed, "no whole answer reached the caller, who asks again once when one breaks off");
        Row("  asked again after a break", bare?.AskedAgain, ours.AskedAgain, "after the first words nobody can retry unseen");
        Row("blocked", bare?.Blocked, ours.Blocked, "prompt injection in messages and tool results");
        Row("refused for lack of budget", bare?.Refused, ours.Refused, "one tenant's small daily limit");
        Row("leaks to the provider", bare?.LeaksToProvider, ours.LeaksToProvider, "every byte the simulator received, searched for the workload's cards, mails, IBANs, keys");
        Row("leaks to other users", bare?.LeaksToOthers, ours.LeaksToOthers, "every answer, searched for what belongs to somebody else");
        Row("bill (USD)", bare?.Bill, ours.Bill ?? pipeline.Cost, "the provider's own meter");
        Row("  meter minus ledger (USD)", null, result.MeterDifference, "to the last digit, broken and cancelled attempts included");
        Row("  cost per right answer (USD)", bare?.BillPerAnswer, ours.BillPerAnswer, "bill / answered right");
        Row("over budget by (USD)", null, pipeline.OverBudget, "the ledger's accounts against their limits");
        Row("unsettled", null, pipeline.Unsettled, "reservations and attempts left open");
        Text("total p50 / p95 (ms)", Pair(bare?.TotalP50, bare?.TotalP95), Pair(ours.TotalP50, ours.TotalP95), "as the caller saw it");
        Text("first content p50 / p95 (ms)", Pair(bare?.FirstContentP50, bare?.FirstContentP95), Pair(ours.FirstContentP50, ours.FirstContentP95), "streams only");
        Text("not paid for: exact / semantic hits", "", $"{pipeline.ExactHits} / {pipeline.SemanticHits}", "cache steps on the calls");
        Text("attempts / retries / fallbacks", "", $"{pipeline.Attempts} / {pipeline.Retries} / {pipeline.Fallbacks}", "steps on the calls");
        Text("constraints met / broken", "", $"{pipeline.ConstraintsMet} / {pipeline.ConstraintsBroken}", "latency 10 s, 0.02 USD a call");
        return table;

        void Row(string name, decimal? left, decimal? right, string proof) => Text(name, Number(left), Number(right), proof);

        void Text(string name, string left, string right, string proof) => table.AddRow(Markup.Escape(name), left, right, $"[grey]{Markup.Escape(proof)}[/]");
    }

    private static string Number(decimal? value) => value is { } number ? number.ToString("0.######", CultureInfo.InvariantCulture) : "–";

    private static string Pair(double? first, double? second) => first is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{first:0} / {second:0}");

    private static void Explain(IAnsiConsole console, IReadOnlyList<Served> served)
    {
        if (served.Where(one => !one.AskedAgain).MaxBy(one => one.Calls.Sum(call => call.Steps.Count)) is not { Calls.Count: > 0 } example)
            return;
        var request = example.Answer.Request;
        console.MarkupLine($"\n[bold]Request {request.Id}[/] of {request.Tenant}/{request.User} ({request.Feature}, {request.Kind}), step by step:");
        foreach (var call in example.Calls)
        {
            foreach (var (at, what) in StepsOf(call).OrderBy(step => step.At))
                console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"  [grey]{at.TotalMilliseconds,7:0.0} ms[/]  {Markup.Escape(what)}"));
            console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"  [grey]{call.Duration.TotalMilliseconds,7:0.0} ms[/]  answered by {call.Model ?? "nobody"}, {call.Cost:0.000000} USD, {call.Usage.Input} + {call.Usage.Output} tokens"));
        }
    }

    private static IEnumerable<(TimeSpan At, string What)> StepsOf(LlmCall call)
    {
        foreach (var step in call.Steps)
            yield return (step.At, $"{step.Stage}: {step.Decision}{(step.Reason is null ? "" : $" ({step.Reason})")}");
        foreach (var attempt in call.Attempts)
            yield return (attempt.Started, $"attempt on {attempt.Model}{(attempt.Purpose is null ? "" : $" ({attempt.Purpose})")}: {(attempt.Failure is null ? "answered" : $"failed, {attempt.Failure.Kind}")}");
    }
}
