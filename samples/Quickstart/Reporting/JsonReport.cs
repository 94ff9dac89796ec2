using System.Text.Json;

namespace Quickstart;

/// <summary>The result as one JSON object.</summary>
internal static class JsonReport
{
    public static string Of(RunResult result)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
            Write(json, result);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, RunResult result)
    {
        var (pipeline, side) = (result.Pipeline, result.Pipeline.Side);
        json.WriteStartObject();
        foreach (var (name, count) in new (string, int)[]
        {
            ("requests", side.Requests), ("calls", pipeline.Calls), ("answered", side.Answered), ("wrong", side.Wrong), ("blocked", side.Blocked),
            ("redacted", pipeline.Redacted), ("refused", side.Refused), ("failed", side.Failed), ("askedAgain", side.AskedAgain),
            ("attempts", pipeline.Attempts), ("retries", pipeline.Retries), ("fallbacks", pipeline.Fallbacks),
        })
        {
            json.WriteNumber(name, count);
        }

        json.WriteStartObject("hits");
        json.WriteNumber("exact", pipeline.ExactHits);
        json.WriteNumber("semantic", pipeline.SemanticHits);
        json.WriteEndObject();
        json.WriteNumber("repeatShare", Math.Round(result.RepeatShare, 4));
        json.WriteNumber("cost", pipeline.Cost);
        WriteNumber(json, "bareCost", result.Bare?.Bill);
        WriteNumber(json, "meterDifference", result.MeterDifference);
        json.WriteNumber("reportDifference", result.ReportDifference);
        json.WriteNumber("repeatRate", Math.Round(result.Spending.Total.RepeatRate, 4));
        json.WriteNumber("repeatedCost", result.Spending.Total.RepeatedCost);
        json.WriteNumber("overBudget", pipeline.OverBudget);
        json.WriteNumber("p50Ms", Math.Round(side.TotalP50, 1));
        json.WriteNumber("p95Ms", Math.Round(side.TotalP95, 1));
        json.WriteNumber("firstContentP50Ms", Math.Round(side.FirstContentP50, 1));
        json.WriteNumber("firstContentP95Ms", Math.Round(side.FirstContentP95, 1));
        WriteNumber(json, "bareAnswered", result.Bare?.Answered);
        WriteNumber(json, "bareFailed", result.Bare?.Failed);
        WriteNumber(json, "bareWrong", result.Bare?.Wrong);
        WriteNumber(json, "bareLeaks", result.Bare?.Leaks);
        json.WriteNumber("leaks", side.Leaks);
        json.WriteNumber("unsettled", pipeline.Unsettled);
        json.WriteNumber("estimatedAttempts", pipeline.Estimated);
        json.WriteNumber("constraintsMet", pipeline.ConstraintsMet);
        json.WriteNumber("constraintsBroken", pipeline.ConstraintsBroken);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
