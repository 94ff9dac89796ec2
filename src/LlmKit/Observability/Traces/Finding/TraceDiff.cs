using System.Globalization;
using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>What two calls have different: of what was asked, of what was answered, and of how.</summary>
/// <remarks>Immutable. Sensitive where content is kept: it holds the texts that differ.</remarks>
/// <param name="Request">What was asked differently; when this is empty, one request had two answers.</param>
/// <param name="Answer">What was answered differently.</param>
/// <param name="Facts">How: model, fingerprint, cost and the like.</param>
public sealed record TraceDiff(IReadOnlyList<TraceDifference> Request, IReadOnlyList<TraceDifference> Answer, IReadOnlyList<TraceDifference> Facts)
{
    /// <summary>Compares two records.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>The differences, in the order of the request.</returns>
    public static TraceDiff Of(TraceRecord left, TraceRecord right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var request = new List<TraceDifference>();
        Add(request, "requestModel", left.RequestModel, right.RequestModel);
        AddJson(request, "options", left.Options, right.Options);
        AddJson(request, "instructions", left.Instructions, right.Instructions);
        AddJson(request, "tools", left.Tools, right.Tools);
        AddJson(request, "prompt", left.Prompt, right.Prompt);
        AddJson(request, "promptVariables", left.PromptVariables, right.PromptVariables);
        AddMessages(request, "input", left.Input, right.Input);
        var answer = new List<TraceDifference>();
        AddMessages(answer, "output", left.Output, right.Output);
        Add(answer, "finishReason", left.FinishReason, right.FinishReason);
        var facts = new List<TraceDifference>();
        Add(facts, "model", left.Model, right.Model);
        Add(facts, "responseModel", left.ResponseModel, right.ResponseModel);
        Add(facts, "provider", left.Provider, right.Provider);
        Add(facts, "fingerprint", left.Fingerprint, right.Fingerprint);
        Add(facts, "status", TraceNames.Of(left.Status), TraceNames.Of(right.Status));
        Add(facts, "errorType", left.ErrorType, right.ErrorType);
        Add(facts, "hit", left.IsHit ? "true" : "false", right.IsHit ? "true" : "false");
        Add(facts, "inputTokens", Word(left.Usage.Input), Word(right.Usage.Input));
        Add(facts, "outputTokens", Word(left.Usage.Output), Word(right.Usage.Output));
        Add(facts, "cost", left.Cost is { } one ? Word(one) : null, right.Cost is { } other ? Word(other) : null);
        return new(request, answer, facts);
    }

    private static string Word(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static void Add(List<TraceDifference> to, string path, string? left, string? right)
    {
        if (left != right)
            to.Add(new(path, left, right));
    }

    private static void AddMessages(List<TraceDifference> to, string path, IReadOnlyList<TraceMessage> left, IReadOnlyList<TraceMessage> right)
    {
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
            AddJson(to, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), i < left.Count ? left[i] : null, i < right.Count ? right[i] : null);
    }

    private static void AddJson(List<TraceDifference> to, string path, TraceMessage? left, TraceMessage? right)
    {
        if (left?.Hash == right?.Hash)
            return;
        using var one = left is null ? null : JsonDocument.Parse(left.Json);
        using var other = right is null ? null : JsonDocument.Parse(right.Json);
        Walk(to, path, one?.RootElement, other?.RootElement);
    }

    /// <summary>Goes down to the smallest values that differ.</summary>
    private static void Walk(List<TraceDifference> to, string path, JsonElement? left, JsonElement? right)
    {
        switch (left?.ValueKind, right?.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                foreach (var name in left!.Value.EnumerateObject().Select(pair => pair.Name).Union(right!.Value.EnumerateObject().Select(pair => pair.Name), StringComparer.Ordinal))
                    Walk(to, $"{path}.{name}", Property(left.Value, name), Property(right.Value, name));
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                var (one, other) = (left!.Value.GetArrayLength(), right!.Value.GetArrayLength());
                for (var i = 0; i < Math.Max(one, other); i++)
                    Walk(to, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), i < one ? left.Value[i] : null, i < other ? right.Value[i] : null);
                break;
            default:
                Add(to, path, Word(left), Word(right));
                break;
        }
    }

    private static JsonElement? Property(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value : null;

    private static string? Word(JsonElement? json) => json is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}

/// <summary>One value that two calls have different.</summary>
/// <param name="Path">Where it stands, such as <c>input[1].parts[0].content</c>.</param>
/// <param name="Left">The value in the first; <see langword="null"/> where it has none.</param>
/// <param name="Right">The value in the second; <see langword="null"/> where it has none.</param>
public sealed record TraceDifference(string Path, string? Left, string? Right);
