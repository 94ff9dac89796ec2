using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmKit.Internal;

namespace LlmKit.Observability.Traces;

/// <summary>A query, ready to be asked of record after record.</summary>
internal sealed class TraceFilter
{
    private readonly TraceQuery _query;
    private readonly Dictionary<string, bool> _read = new(StringComparer.Ordinal);
    private string[]? _sought;
    private readonly (DateTimeOffset StartedAt, string Id)? _after;

    /// <exception cref="ArgumentException">The query's limit or mark is wrong.</exception>
    public TraceFilter(TraceQuery query)
    {
        if (query.Limit is < 1 or > TraceQuery.MostPerPage)
            throw new ArgumentException($"The limit '{query.Limit}' is outside 1 to {TraceQuery.MostPerPage}. Ask for a page, and go on with TracePage.Next.", nameof(query));
        _query = query;
        _after = query.After is null ? null : Read(query.After);
    }

    /// <summary>Gives the mark of a record for the page that begins after it.</summary>
    public static string MarkOf(TraceSummary trace) => string.Create(CultureInfo.InvariantCulture, $"{trace.StartedAt.UtcTicks:x}-{trace.Id}");

    /// <summary>Orders records, the latest first; by their ids where they started at once.</summary>
    public static int Compare(TraceSummary left, TraceSummary right) =>
        right.StartedAt.CompareTo(left.StartedAt) is not 0 and var order ? order : string.CompareOrdinal(right.Id, left.Id);

    /// <summary>Whether all holds that can be told without texts.</summary>
    public bool Holds(TraceSummary trace) => IsInPage(trace) && HoldsTime(trace) && HoldsPurpose(trace) && HoldsNames(trace) && HoldsEnd(trace) && HoldsFigures(trace);

    /// <summary>Whether the text that is searched for stands in what is known without texts of the conversation; so too when none is.</summary>
    public bool HoldsText(TraceSummary trace) => _query.Text is not { Length: > 0 } text
        || Has(trace.Id, text) || Has(trace.Name, text) || Has(trace.Feature, text) || Has(trace.Tenant, text) || Has(trace.User, text) || Has(trace.ErrorType, text)
        || Has(trace.Model, text) || Has(trace.RequestModel, text) || Has(trace.ResponseModel, text) || Has(trace.PromptName, text)
        || Has(trace.Interaction, text) || Has(trace.Conversation, text) || trace.TraceId == text;

    /// <summary>Whether the text stands in a message.</summary>
    public bool HoldsText(TraceRecord trace) => trace.Contents.Any(Has);

    private static (DateTimeOffset StartedAt, string Id) Read(string mark)
    {
        var dash = mark.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0 && long.TryParse(mark.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ticks) && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks)
            return (new(ticks, TimeSpan.Zero), mark[(dash + 1)..]);
        throw new ArgumentException("The mark of the page does not read. Give TracePage.Next of the page before as TraceQuery.After.");
    }

    private static bool Has(string? value, string text) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

    private bool Has(TraceMessage content)
    {
        // A message that many records share is read once.
        if (!_read.TryGetValue(content.Hash, out var has))
        {
            _sought ??= Spellings(_query.Text!);
            var json = Encoding.UTF8.GetString(content.Json.Span);
            _read[content.Hash] = has = Array.Exists(_sought, sought => json.Contains(sought, StringComparison.OrdinalIgnoreCase));
        }

        return has;
    }

    /// <summary>Gives the ways in which a text may be written in JSON: quotes and line ends are escaped in all, signs such as an emoji in what the encoder of System.Text.Json wrote.</summary>
    private static string[] Spellings(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var pen = new JsonPen(buffer);
        pen.Text(text);
        pen.End();
        var written = Encoding.UTF8.GetString(buffer.WrittenSpan[1..^1]);
        var encoded = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;
        return written == encoded ? [written] : [written, encoded];
    }

    private bool IsInPage(TraceSummary trace) => _after is not { } after
        || trace.StartedAt < after.StartedAt || (trace.StartedAt == after.StartedAt && string.CompareOrdinal(trace.Id, after.Id) < 0);

    private bool HoldsTime(TraceSummary trace) => !(trace.StartedAt < _query.From) && !(trace.StartedAt >= _query.To);

    private bool HoldsPurpose(TraceSummary trace) => _query.Purpose is { } purpose ? trace.Purpose == purpose : _query.WithChildren || trace.Purpose is null;

    private bool HoldsNames(TraceSummary trace) =>
        (_query.Kind is not { } kind || trace.Kind == kind)
        && Is(_query.TraceId, trace.TraceId)
        && Is(_query.Pipeline, trace.Pipeline)
        && (Is(_query.Model, trace.Model) || Is(_query.Model, trace.RequestModel) || Is(_query.Model, trace.ResponseModel))
        && Is(_query.Provider, trace.Provider)
        && Is(_query.Tenant, trace.Tenant)
        && Is(_query.User, trace.User)
        && Is(_query.Feature, trace.Feature)
        && Is(_query.Interaction, trace.Interaction)
        && Is(_query.Conversation, trace.Conversation)
        && Is(_query.PromptName, trace.PromptName)
        && Is(_query.PromptVersion, trace.PromptVersion)
        && (_query.Tag is not { } tag || (trace.Tags.TryGetValue(tag.Key, out var value) && Is(tag.Value, value)));

    private bool HoldsEnd(TraceSummary trace) =>
        (_query.Status is not { } status || trace.Status == status)
        && Is(_query.ErrorType, trace.ErrorType)
        && (_query.IsBad is not { } bad || trace.IsBad == bad)
        && (_query.IsHit is not { } hit || trace.IsHit == hit);

    private bool HoldsFigures(TraceSummary trace) =>
        (_query.MinCost is not { } cost || trace.Cost >= cost)
        && (_query.MinTokens is not { } tokens || trace.Usage.Total >= tokens)
        && (_query.MinDuration is not { } duration || trace.Duration >= duration)
        && (_query.MinScore is not { } least || trace.LastScore >= least)
        && (_query.MaxScore is not { } most || trace.LastScore <= most);

    private static bool Is(string? sought, string? value) => sought is null || sought == value;
}
