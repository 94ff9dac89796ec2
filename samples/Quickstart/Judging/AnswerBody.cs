using System.Text.Json;
using System.Text.RegularExpressions;

namespace Quickstart;

/// <summary>The words of an answer, taken out of the JSON object in which a model may wrap them.</summary>
/// <param name="Text">The words.</param>
/// <param name="IsClosed">Whether the wrapping, if there is one, is complete.</param>
internal sealed partial record AnswerBody(string Text, bool IsClosed)
{
    public static AnswerBody Of(string answer)
    {
        var text = answer.Trim();
        if (!text.StartsWith('{'))
            return new(text, IsClosed: true);
        if (StringIn(text) is { } whole)
            return new(whole, IsClosed: true);

        var open = UnfinishedEscape().Replace(text, "") + "\"}";
        return new(StringIn(open) ?? "", IsClosed: false);
    }

    private static string? StringIn(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.EnumerateObject()
                .Where(property => property.Value.ValueKind == JsonValueKind.String)
                .Select(property => property.Value.GetString()?.Trim())
                .FirstOrDefault();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(?<=(?<!\\)(?:\\\\)*)\\(?:u[0-9A-Fa-f]{0,3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex UnfinishedEscape();
}
