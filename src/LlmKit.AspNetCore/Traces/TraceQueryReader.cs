using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using LlmKit.Calls;
using LlmKit.Observability.Traces;
using Microsoft.AspNetCore.Http;

namespace LlmKit.AspNetCore.Traces;

/// <summary>Reads filters from the query of an address.</summary>
internal static class TraceQueryReader
{
    public static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out TraceQuery? found, [NotNullWhen(false)] out string? mistake)
    {
        var reading = new Reading(query);
        found = new()
        {
            From = reading.Value<DateTimeOffset>("from", Moment),
            To = reading.Value<DateTimeOffset>("to", Moment),
            Kind = reading.Value<TraceKind>("kind", Named),
            Status = reading.Value<CallStatus>("status", Named),
            Purpose = reading.Text("purpose"),
            WithChildren = reading.Value<bool>("children", bool.TryParse) ?? false,
            TraceId = reading.Text("traceId"),
            Pipeline = reading.Text("pipeline"),
            Model = reading.Text("model"),
            Provider = reading.Text("provider"),
            Tenant = reading.Text("tenant"),
            User = reading.Text("user"),
            Feature = reading.Text("feature"),
            Interaction = reading.Text("interaction"),
            Conversation = reading.Text("conversation"),
            PromptName = reading.Text("prompt"),
            PromptVersion = reading.Text("promptVersion"),
            Tag = Tag(reading.Text("tag")),
            ErrorType = reading.Text("error"),
            IsBad = reading.Value<bool>("bad", bool.TryParse),
            IsHit = reading.Value<bool>("hit", bool.TryParse),
            MinCost = reading.Value<decimal>("minCost", Number),
            MinTokens = reading.Value<long>("minTokens", Number),
            MinDuration = reading.Value<double>("minDurationMs", Milliseconds) is { } least ? TimeSpan.FromMilliseconds(least) : null,
            MinScore = reading.Value<double>("minScore", Number),
            MaxScore = reading.Value<double>("maxScore", Number),
            Text = reading.Text("text"),
            After = reading.Text("after"),
            Limit = reading.Value<int>("limit", PerPage) ?? 100,
        };
        mistake = reading.Mistake;
        return mistake is null;
    }

    public static bool TryReadGrouping(IQueryCollection query, out TraceGrouping grouping, [NotNullWhen(false)] out string? mistake)
    {
        var reading = new Reading(query);
        var by = reading.Value<TraceGroupBy>("by", GroupBy) ?? TraceGroupBy.Nothing;
        var every = reading.Value<double>("every", Seconds);
        grouping = new(by, every is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        mistake = reading.Mistake;
        return mistake is null;
    }

    private static KeyValuePair<string, string?>? Tag(string? text) => text?.Split('=', 2) switch
    {
        [var name] => new(name, null),
        [var name, var value] => new(name, value),
        _ => null,
    };

    private static bool Moment(string text, out DateTimeOffset value) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);

    private static bool Number<T>(string text, out T value)
        where T : struct, INumberBase<T>
    {
        return T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static bool Milliseconds(string text, out double value) => double.TryParse(text, CultureInfo.InvariantCulture, out value) && value is >= 0 and < 1e12;

    private static bool Seconds(string text, out double value) => double.TryParse(text, CultureInfo.InvariantCulture, out value) && value is >= 1 and < 1e9;

    private static bool PerPage(string text, out int value) => int.TryParse(text, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= TraceQuery.MostPerPage;

    private static bool GroupBy(string text, out TraceGroupBy value) => Named(text == "error" ? nameof(TraceGroupBy.ErrorType) : text, out value);

    // Numbers would be taken for values that have no name.
    private static bool Named<T>(string text, out T value)
        where T : struct, Enum
    {
        value = default;
        return char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value);
    }

    private delegate bool TryParse<T>(string text, out T value);

    /// <summary>The values as they are read, and the first that cannot be.</summary>
    private sealed class Reading(IQueryCollection query)
    {
        public string? Mistake { get; private set; }

        public string? Text(string name) => query[name] is [{ Length: > 0 } text, ..] ? text : null;

        public T? Value<T>(string name, TryParse<T> parse)
            where T : struct
        {
            if (Text(name) is not { } text)
                return null;
            if (parse(text, out var value))
                return value;
            Mistake ??= $"The value of '{name}' cannot be read. See the options of TraceQuery for what it may be.";
            return null;
        }
    }
}
