using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmKit.Checks.Judging;

/// <summary>What a judge is shown and what it must reply: data as JSON, and a score with a mark that the data cannot know.</summary>
internal static class MarkedScore
{
    private const int MarkBytes = 6;

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Gives a mark for a text that only this process can make.</summary>
    public static string MarkOf(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(text)).AsSpan(0, MarkBytes));

    /// <summary>Writes what is judged as one JSON object.</summary>
    public static string Data(params ReadOnlySpan<(string Name, string Text)> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var (name, text) in members)
                json.WriteString(name, text);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Reads the score from 0 to 1 in a reply; <see langword="null"/> where there is none, or not with the mark.</summary>
    public static double? In(string reply, string mark)
    {
        var start = reply.IndexOf('{');
        var end = reply.LastIndexOf('}');
        if (start < 0 || end < start)
            return null;
        try
        {
            using var json = JsonDocument.Parse(reply.AsMemory(start, end + 1 - start));
            var verdict = json.RootElement;
            return verdict.TryGetProperty("mark", out var given) && given.ValueKind == JsonValueKind.String && given.GetString() == mark
                && verdict.TryGetProperty("score", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out var score) && score is >= 0 and <= 1
                ? score
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
