using System.Globalization;
using System.Text.Json;

namespace LlmKit.OpenAI.Failures;

/// <summary>The error object of an answer, in whichever of the shapes that OpenAI-compatible servers use.</summary>
/// <remarks>Text that the provider wrote stays inside the classifier: it may echo a prompt or a key.</remarks>
internal sealed record ErrorBody
{
    private const int MaxCodeLength = 64;

    /// <summary>Gets the words for it, most specific first: code, inner code, type, status word.</summary>
    public IReadOnlyList<string> Codes { get; private init; } = [];

    /// <summary>Gets the most specific word for it.</summary>
    public string? Code => Codes.Count > 0 ? Codes[0] : null;

    /// <summary>Gets the HTTP status that some servers repeat as a number in the body.</summary>
    public int? Status { get; private init; }

    /// <summary>Gets the provider's sentence, never to be logged or thrown.</summary>
    public string Message { get; private init; } = "";

    /// <summary>Gets whether the provider says that a moderation flagged the input.</summary>
    public bool IsFlagged { get; private init; }

    private Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>Gives a header that a router repeats inside its error, or <see langword="null"/>.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Gives an error of which no more than a word is known.</summary>
    internal static ErrorBody Named(string word) => new() { Codes = IsWord(word) ? [word] : [] };

    /// <summary>Reads a response body.</summary>
    /// <param name="json">UTF-8 text that should be JSON; anything else gives <see langword="null"/>.</param>
    /// <returns>The error, or <see langword="null"/> when the body holds none.</returns>
    internal static ErrorBody? Parse(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads what an answer holds under the name of an error.</summary>
    /// <param name="json">UTF-8 text: an object, or a bare sentence.</param>
    /// <returns>The error, or <see langword="null"/> when the answer only says that there was none.</returns>
    internal static ErrorBody? Reported(ReadOnlyMemory<byte> json)
    {
        var isNone = json.Span.SequenceEqual("null"u8) || json.Span.SequenceEqual("false"u8) || json.Span.SequenceEqual("\"\""u8);
        return isNone ? null : Parse(json) ?? new();
    }

    private static ErrorBody? Read(JsonElement root)
    {
        // One compatible endpoint wraps its error in an array.
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
        var error = Property(root, "error") ?? root;

        return error.ValueKind switch
        {
            JsonValueKind.String => new() { Message = error.GetString()! },
            JsonValueKind.Object => FromObject(error),
            _ => null,
        };
    }

    private static ErrorBody FromObject(JsonElement error)
    {
        var inner = Property(error, "innererror") ?? Property(error, "inner_error");
        var metadata = Property(error, "metadata");
        string?[] codes = [Word(error, "code"), Word(inner, "code"), Word(error, "type"), Word(error, "status")];
        return new()
        {
            Codes = [.. codes.OfType<string>()],
            Status = NumericStatus(Property(error, "code")) ?? NumericStatus(Property(error, "status")),
            Message = Text(Property(error, "message")) ?? Text(Property(error, "detail")) ?? "",
            IsFlagged = (Property(metadata, "flagged_input") ?? Property(metadata, "reasons")) is not null,
            Headers = HeadersIn(Property(metadata, "headers")),
        };
    }

    private static Dictionary<string, string> HeadersIn(JsonElement? value)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (value is not { ValueKind: JsonValueKind.Object } all) return headers;
        foreach (var header in all.EnumerateObject())
            if (header.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                headers[header.Name] = header.Value.ToString();
        return headers;
    }

    private static JsonElement? Property(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    // A code is a word. A sentence in its place could carry anything and is dropped.
    private static string? Word(JsonElement? parent, string name) =>
        Text(Property(parent, name)) is { } code && IsWord(code) ? code : null;

    private static bool IsWord(string code) =>
        code.Length is > 0 and <= MaxCodeLength && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && !IsNumber(code);

    private static int? NumericStatus(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var status) && IsHttpError(status) => status,
        { ValueKind: JsonValueKind.String } text when IsNumber(text.GetString()!)
            && int.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status) && IsHttpError(status) => status,
        _ => null,
    };

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static bool IsHttpError(int status) => status is >= 400 and < 600;
}
