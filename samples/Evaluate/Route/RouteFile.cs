using System.Text.Json;

namespace Evaluate;

/// <summary>Requests that both models answered, one JSON object a line. Members it does not know are passed over, and so are empty lines.</summary>
internal static class RouteFile
{
    private const int Least = 4;

    /// <exception cref="InputException">The file or a line of it cannot be read, or all rows agree.</exception>
    public static IReadOnlyList<RouteRow> Read(string path)
    {
        var rows = new List<RouteRow>();
        var number = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                    rows.Add(RowOf(line, number));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"The file '{path}' cannot be read ({exception.GetType().Name}). Give the path of a file of requests.", exception);
        }

        return rows.Count >= Least
            ? rows
            : throw new InputException($"The file '{path}' holds fewer than {Least} requests. Give one a line: {{\"id\": \"1\", \"prompt\": \"…\", \"strong_correct\": true, \"weak_correct\": false}}.");
    }

    private static RouteRow RowOf(string line, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            return row.ValueKind == JsonValueKind.Object
                ? new(Text(row, "prompt", number) ?? throw Bad(number, "\"prompt\" is missing"), Flag(row, "strong_correct", number), Flag(row, "weak_correct", number), Text(row, "weak_response", number), Text(row, "subject", number))
                : throw Bad(number, "it is no object");
        }
        catch (JsonException exception)
        {
            throw new InputException($"Line {number}: it is no JSON (at byte {(exception.BytePositionInLine ?? 0) + 1}). Write one object a line.", exception);
        }
    }

    private static string? Text(JsonElement row, string name, int number) =>
        !row.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Bad(number, $"\"{name}\" is no text");

    private static bool Flag(JsonElement row, string name, int number) =>
        row.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Bad(number, $"\"{name}\" is not true or false");

    private static InputException Bad(int number, string what) => new($"Line {number}: {what}. A line is {{\"id\": \"1\", \"prompt\": \"…\", \"strong_correct\": true, \"weak_correct\": false}}.");
}
