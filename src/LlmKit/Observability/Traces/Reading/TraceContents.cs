using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Traces;

/// <summary>Makes messages, options and answers again of what a record holds.</summary>
internal static class TraceContents
{
    // As the tracer writes them into values of tools, where there is no place beside.
    private const string CutValue = "… [cut, ";
    private const string LostValue = "\"[redaction failed]\"";
    private const string WithheldValue = "\"[withheld]\"";
    private const string WithheldInside = "\\\"[withheld]\\\"";

    /// <exception cref="InvalidOperationException">The record has not got all of its texts.</exception>
    public static List<ChatMessage> Messages(TraceRecord trace, IReadOnlyList<TraceMessage> contents)
    {
        if (trace.DroppedMessages > 0)
            throw Missing(trace, "messages were left out because the request was too large");
        if (trace.LacksTexts)
            throw Missing(trace, "a text of it is lost");
        return [.. contents.Select(content => Message(trace, content))];
    }

    public static ChatOptions Options(TraceRecord trace)
    {
        var options = new ChatOptions { Instructions = trace.Instructions is null ? null : Message(trace, trace.Instructions).Text };
        if (trace.Tools is { } tools)
            SetTools(trace, options, tools);
        if (trace.Options is null)
            return options;
        using var document = JsonDocument.Parse(trace.Options.Json);
        ThrowIfCut(trace, document.RootElement, "an option");
        foreach (var property in document.RootElement.EnumerateObject())
            Set(options, property);
        if (document.RootElement.TryGetProperty("responseFormat"u8, out var format))
            SetFormat(options, document.RootElement, format.GetString());
        return options;
    }

    /// <summary>Gives the names of tools that the provider runs: nothing else of them is kept.</summary>
    public static IReadOnlyList<string> HostedTools(TraceRecord trace)
    {
        if (trace.Tools is null)
            return [];
        using var document = JsonDocument.Parse(trace.Tools.Json);
        return [.. document.RootElement.EnumerateArray().Where(tool => !IsFunction(tool) && !tool.TryGetProperty("llmkit.truncated"u8, out _)).Select(tool => Text(tool, "name") ?? "unnamed")];
    }

    public static ChatResponse Answer(TraceRecord trace) => new(Messages(trace, trace.Output))
    {
        ResponseId = trace.ResponseId,
        ModelId = trace.ResponseModel,
        FinishReason = trace.FinishReason is { } reason ? new(reason) : null,
        AdditionalProperties = trace.Fingerprint is { } fingerprint ? new() { ["system_fingerprint"] = fingerprint } : null,
        Usage = trace.Usage.Total == 0 ? null : new()
        {
            InputTokenCount = trace.Usage.Input,
            CachedInputTokenCount = trace.Usage.CachedInput,
            OutputTokenCount = trace.Usage.Output,
            ReasoningTokenCount = trace.Usage.Reasoning,
            TotalTokenCount = trace.Usage.Total,
        },
    };

    private static void Set(ChatOptions options, JsonProperty property)
    {
        switch (property.Name)
        {
            case "model":
                options.ModelId = property.Value.GetString();
                break;
            case "temperature":
                options.Temperature = property.Value.GetSingle();
                break;
            case "topP":
                options.TopP = property.Value.GetSingle();
                break;
            case "topK":
                options.TopK = property.Value.GetInt32();
                break;
            case "seed":
                options.Seed = property.Value.GetInt64();
                break;
            case "maxOutputTokens":
                options.MaxOutputTokens = property.Value.GetInt32();
                break;
            case "frequencyPenalty":
                options.FrequencyPenalty = property.Value.GetSingle();
                break;
            case "presencePenalty":
                options.PresencePenalty = property.Value.GetSingle();
                break;
            case "stop":
                options.StopSequences = [.. property.Value.EnumerateArray().Select(stop => stop.GetString()!)];
                break;
            case "toolMode":
                options.ToolMode = property.Value.GetString() switch
                {
                    "auto" => ChatToolMode.Auto,
                    "none" => ChatToolMode.None,
                    "required" => ChatToolMode.RequireAny,
                    var function => ChatToolMode.RequireSpecific(function!),
                };
                break;
            case "multipleToolCalls":
                options.AllowMultipleToolCalls = property.Value.GetBoolean();
                break;
            case "reasoningEffort":
                (options.Reasoning ??= new()).Effort = Enum.Parse<ReasoningEffort>(property.Value.GetString()!);
                break;
            case "reasoningOutput":
                (options.Reasoning ??= new()).Output = Enum.Parse<ReasoningOutput>(property.Value.GetString()!);
                break;
        }
    }

    private static void SetFormat(ChatOptions options, JsonElement json, string? format) => options.ResponseFormat =
        format == "text" ? ChatResponseFormat.Text
        : json.TryGetProperty("schema"u8, out var schema) ? ChatResponseFormat.ForJsonSchema(schema.Clone(), Text(json, "schemaName"), Text(json, "schemaDescription"))
        : ChatResponseFormat.Json;

    private static void SetTools(TraceRecord trace, ChatOptions options, TraceMessage tools)
    {
        using var document = JsonDocument.Parse(tools.Json);
        ThrowIfCut(trace, document.RootElement, "a tool's definition");
        foreach (var tool in document.RootElement.EnumerateArray().Where(IsFunction))
        {
            if (!tool.TryGetProperty("parameters"u8, out var schema))
                throw Missing(trace, "the parameters of a tool were left out because the tools were too large");
            (options.Tools ??= []).Add(AIFunctionFactory.CreateDeclaration(Text(tool, "name") ?? "", Text(tool, "description"), schema.Clone()));
        }
    }

    private static bool IsFunction(JsonElement tool) => Text(tool, "type") == "function";

    private static ChatMessage Message(TraceRecord trace, TraceMessage content)
    {
        using var document = JsonDocument.Parse(content.Json);
        var json = document.RootElement;
        return new(new(json.GetProperty("role"u8).GetString()!), [.. json.GetProperty("parts"u8).EnumerateArray().Select(part => Part(trace, part))])
        {
            AuthorName = json.TryGetProperty("name"u8, out var name) ? name.GetString() : null,
        };
    }

    private static AIContent Part(TraceRecord trace, JsonElement part)
    {
        ThrowIfCut(trace, part, "a text");
        // However deep: a tool may have given an image.
        if (part.GetRawText() is var raw && (raw.Contains("\"llmkit.omitted\":", StringComparison.Ordinal) || raw.Contains("\"llmkit.incomplete\":", StringComparison.Ordinal)))
            throw Missing(trace, "bytes, the query of an address or the failure of a tool are not kept");
        var type = part.GetProperty("type"u8).GetString();
        return type switch
        {
            "text" => new TextContent(Text(part, "content")),
            "reasoning" => new TextReasoningContent(Text(part, "content")),
            "tool_call" => new FunctionCallContent(Text(part, "id") ?? "", Text(part, "name") ?? "", Arguments(part)),
            "tool_call_response" => new FunctionResultContent(Text(part, "id") ?? "", part.TryGetProperty("response"u8, out var response) ? response.Clone() : null),
            "uri" => new UriContent(Text(part, "uri")!, Text(part, "mime_type") ?? "application/octet-stream"),
            "file" => new HostedFileContent(Text(part, "file_id")!) { MediaType = Text(part, "mime_type") },
            _ => throw Missing(trace, $"a part of the type '{type}' is not kept"),
        };
    }

    private static void ThrowIfCut(TraceRecord trace, JsonElement json, string what)
    {
        var raw = json.GetRawText();
        if (raw.Contains("\"llmkit.truncated\":{", StringComparison.Ordinal))
            throw Missing(trace, $"{what} was cut because it was too long");
        if (raw.Contains("\"llmkit.redaction_failed\":", StringComparison.Ordinal))
            throw Missing(trace, $"{what} was left out because its redaction failed");
        if (raw.Contains(CutValue, StringComparison.Ordinal) || raw.Contains(LostValue, StringComparison.Ordinal) || raw.Contains(WithheldValue, StringComparison.Ordinal)
            || raw.Contains(WithheldInside, StringComparison.Ordinal))
            throw Missing(trace, "a value of a tool was cut or withheld");
    }

    private static Dictionary<string, object?>? Arguments(JsonElement part) => part.TryGetProperty("arguments"u8, out var arguments) && arguments.ValueKind == JsonValueKind.Object
        ? arguments.EnumerateObject().ToDictionary(pair => pair.Name, pair => (object?)pair.Value.Clone(), StringComparer.Ordinal)
        : null;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static InvalidOperationException Missing(TraceRecord trace, string what) =>
        new($"The record '{trace.Id}' does not hold the whole call: {what}. Replay one that does; TracingOptions.MaxTextLength says how long texts may be.");
}
