using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace LlmKit.Observability.Traces;

/// <summary>Keeps the attributes of a span that hold no text of a conversation: figures under any name, words only under names that are known to be labels.</summary>
internal static class SpanAttributes
{
    private const int Most = 64;
    private const int MostName = 128;
    private const int MostValue = 256;

    private static readonly FrozenSet<string> Labels = FrozenSet.Create(
        StringComparer.Ordinal,
        "error.type",
        "gen_ai.agent.id", "gen_ai.agent.name", "gen_ai.agent.version",
        "gen_ai.conversation.id", "gen_ai.data_source.id", "gen_ai.operation.name", "gen_ai.output.type", "gen_ai.prompt.name", "gen_ai.prompt.version",
        "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.id", "gen_ai.response.model", "gen_ai.system",
        "gen_ai.tool.call.id", "gen_ai.tool.name", "gen_ai.tool.type", "gen_ai.workflow.name",
        "db.collection.name", "db.operation.name", "db.system", "db.system.name",
        "http.request.method", "http.route", "messaging.operation.name", "messaging.system",
        "network.protocol.name", "network.protocol.version", "rpc.method", "rpc.service", "rpc.system",
        "server.address", "url.scheme");

    public static IReadOnlyDictionary<string, string> Of(Activity span)
    {
        ImmutableDictionary<string, string>.Builder? kept = null;
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            if (tag.Key.Length > MostName || Word(tag.Key, tag.Value) is not { } word)
                continue;
            kept ??= ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            kept[tag.Key] = word;
            if (kept.Count == Most)
                break;
        }

        return kept?.ToImmutable() ?? ImmutableDictionary<string, string>.Empty;
    }

    private static string? Word(string name, object? value) => value switch
    {
        bool truth => truth ? "true" : "false",
        int or long or short or byte or uint or ulong or ushort or sbyte or double or float or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        string text when Labels.Contains(name) => text.Length > MostValue ? text[..MostValue] : text,
        _ => null,
    };
}
