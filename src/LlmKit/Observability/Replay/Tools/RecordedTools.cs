using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>What tools gave, read from the requests of a tape: the results that stand at the end of a request were new in it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RecordedTools
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Scope, string Name, string Arguments), Queue<JsonObject>> _results = [];
    private readonly List<(string Scope, string Name, JsonNode? Arguments)> _calls = [];
    private int _steps;

    public RecordedTools(IEnumerable<Recording> recordings)
    {
        foreach (var recording in recordings)
            Read(recording);
    }

    /// <summary>Takes the next recorded result of a call.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">Its arguments, normalised.</param>
    /// <param name="step">The number of the call, from 1.</param>
    /// <returns>The part with the result, or <see langword="null"/> when none is left.</returns>
    public JsonObject? Next(string scope, string name, JsonNode? arguments, out int step)
    {
        lock (_lock)
        {
            step = ++_steps;
            return _results.TryGetValue((scope, name, CanonicalJson.Compact(arguments)), out var results) && results.TryDequeue(out var result) ? result : null;
        }
    }

    /// <summary>Gives where the arguments first differ from the nearest recorded ones; <see langword="null"/> when the tool was not called with others.</summary>
    public string? DifferencePath(string scope, string name, JsonNode? arguments) => _calls
        .Where(call => call.Scope == scope && call.Name == name)
        .Select(call => FirstDifference.Between(call.Arguments, arguments)?.Path)
        .FirstOrDefault(path => path is not null);

    private void Read(Recording recording)
    {
        var calls = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var fresh = new List<JsonObject>();
        foreach (var message in (recording.Request["messages"] as JsonArray ?? []).OfType<JsonObject>())
        {
            // What stands before an answer of the model was new in an earlier request.
            if (message.Text("role") == "assistant")
                fresh.Clear();
            foreach (var part in (message["parts"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (part.Text("type") == "tool_call")
                    calls[part.Text("id") ?? ""] = part;
                else if (part.Text("type") == "tool_result")
                    fresh.Add(part);
            }
        }

        foreach (var result in fresh)
        {
            if (calls.TryGetValue(result.Text("id") ?? "", out var call))
                Add(recording.Scope, call, result);
        }
    }

    private void Add(string scope, JsonObject call, JsonObject result)
    {
        var key = (scope, call.Text("name") ?? "", CanonicalJson.Compact(call["arguments"]));
        if (!_results.TryGetValue(key, out var results))
            _results[key] = results = new();
        results.Enqueue(result);
        _calls.Add((scope, key.Item2, call["arguments"]));
    }
}
