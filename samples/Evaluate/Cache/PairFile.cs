using System.Text.Json;
using LlmKit;

namespace Evaluate;

/// <summary>Reads labelled pairs, one JSON object a line. Members it does not know are passed over, and so are empty lines.</summary>
internal static class PairFile
{
    /// <summary>Cosines that were computed in single precision may lie beyond 1 by so much.</summary>
    private const double Rounding = 1e-6;

    /// <exception cref="InputException">The file or a line of it cannot be read.</exception>
    public static List<LabelledPair> Read(string path)
    {
        List<LabelledPair> pairs = [];
        var number = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                    pairs.Add(PairOf(line, number));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"The file '{path}' cannot be read ({exception.GetType().Name}). Give the path of a file of labelled pairs.", exception);
        }

        return pairs.Count > 0 ? pairs : throw new InputException($"The file '{path}' holds no pair. Give one a line: {{\"a\": \"…\", \"b\": \"…\", \"same\": true}}.");
    }

    private static LabelledPair PairOf(string line, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw Bad(number, "it is no JSON object");
            return new(TextOf(root, "a", number), TextOf(root, "b", number), LabelOf(root, number), CosineOf(root, number));
        }
        catch (JsonException exception)
        {
            throw new InputException($"Line {number}: it is no JSON (at byte {(exception.BytePositionInLine ?? 0) + 1}). Write one object a line.", exception);
        }
    }

    private static string TextOf(JsonElement pair, string name, int number)
    {
        if (!pair.TryGetProperty(name, out var member))
            throw Bad(number, $"it lacks \"{name}\"");
        if (member.ValueKind != JsonValueKind.String)
            throw Bad(number, $"\"{name}\" is no string");
        try
        {
            var text = member.GetString()!;
            return string.IsNullOrWhiteSpace(text) ? throw Bad(number, $"\"{name}\" is empty") : text;
        }
        catch (InvalidOperationException)
        {
            throw Bad(number, $"\"{name}\" holds half a character");
        }
    }

    private static bool LabelOf(JsonElement pair, int number) =>
        !pair.TryGetProperty("same", out var member) ? throw Bad(number, "it lacks \"same\"")
        : member.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.GetBoolean()
        : throw Bad(number, "\"same\" is neither true nor false");

    private static double? CosineOf(JsonElement pair, int number)
    {
        if (!pair.TryGetProperty("cos", out var member) || member.ValueKind == JsonValueKind.Null)
            return null;
        if (member.ValueKind != JsonValueKind.Number || !member.TryGetDouble(out var cosine) || !(Math.Abs(cosine) <= 1 + Rounding))
            throw Bad(number, "\"cos\" is no number from -1 to 1");
        return Math.Clamp(cosine, -1, 1);
    }

    private static InputException Bad(int number, string problem) =>
        new($"Line {number}: {problem}. Write {{\"a\": \"…\", \"b\": \"…\", \"same\": true or false}}, and \"cos\" where it is recorded.");
}
