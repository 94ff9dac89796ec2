using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>What of an answer is compared with others.</summary>
internal sealed class AnswerView
{
    // As OpenAI's API spells it, and its SDK.
    private static readonly string[] FingerprintNames = ["system_fingerprint", "SystemFingerprint"];

    private readonly Lazy<string?> _json;
    private readonly Lazy<string> _normalized;

    public AnswerView(ChatResponse response, Func<string, string>? normalize = null)
    {
        Text = response.Text;
        ToolCalls = [.. response.Messages.SelectMany(message => message.Contents).Select(CallOf).OfType<ToolCall>()];
        Finish = response.FinishReason;
        Model = response.ModelId;
        // Joined from a stream, what an update says of the answer is with the message.
        Fingerprint = response.Messages.Select(message => message.AdditionalProperties).Prepend(response.AdditionalProperties)
            .SelectMany(properties => FingerprintNames.Select(name => properties?.GetValueOrDefault(name)?.ToString()))
            .FirstOrDefault(fingerprint => fingerprint is not null);
        Tokens = response.Usage is { } usage ? usage.TotalTokenCount ?? (usage.InputTokenCount + usage.OutputTokenCount) : null;
        _json = new(() => AnswerValues.Json.Read(Text));
        _normalized = new(() => AnswerValues.Text.Read(normalize?.Invoke(Text) ?? Text) ?? "");
    }

    public string Text { get; }

    public IReadOnlyList<ToolCall> ToolCalls { get; }

    public ChatFinishReason? Finish { get; }

    public string? Model { get; }

    public string? Fingerprint { get; }

    public long? Tokens { get; }

    /// <summary>Gets the text but for case, white space and what normalisers take out.</summary>
    public string Normalized => _normalized.Value;

    /// <summary>Gets the text's JSON in one spelling; <see langword="null"/> when it is none.</summary>
    public string? Json => _json.Value;

    /// <summary>Gets the tool calls as one text.</summary>
    public string Calls => string.Join('\n', ToolCalls.Select(call => $"{call.Name}{call.Arguments}"));

    /// <summary>Gives the members and types of JSON, without its values; an array has the shapes of its items, each once.</summary>
    public static string ShapeOf(string json)
    {
        try
        {
            return ShapeOf(JsonNode.Parse(json));
        }
        catch (JsonException)
        {
            return "text";
        }
    }

    private static ToolCall? CallOf(AIContent content) => content switch
    {
        FunctionCallContent { InformationalOnly: false } call => CallOf(call.Name, call.Arguments),
        McpServerToolCallContent call => CallOf($"{call.ServerName}/{call.Name}", call.Arguments),
        ToolApprovalRequestContent request => CallOf(request.ToolCall),
        _ => null,
    };

    private static ToolCall CallOf(string name, IDictionary<string, object?>? arguments) =>
        new(name, CanonicalJson.Compact(ValueJson.Of(arguments, static text => text)));

    private static string ShapeOf(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject json => $"{{{string.Join(',', json.OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => $"{property.Key}:{ShapeOf(property.Value)}"))}}}",
        JsonArray items => $"[{string.Join('|', items.Select(ShapeOf).Distinct().Order(StringComparer.Ordinal))}]",
        _ => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? "boolean" : node.GetValueKind().ToString(),
    };

    /// <summary>One call of a tool.</summary>
    /// <param name="Name">The tool.</param>
    /// <param name="Arguments">Its arguments in one spelling.</param>
    internal sealed record ToolCall(string Name, string Arguments);
}
