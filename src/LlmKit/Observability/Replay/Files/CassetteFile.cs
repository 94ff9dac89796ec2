using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>Reads and writes the file of a cassette: indented JSON with sorted names, whole or not at all.</summary>
internal static class CassetteFile
{
    private const string Header = "llmkit_cassette";
    private const int Version = 1;

    /// <exception cref="CassetteException">It is no cassette, of another version, or damaged.</exception>
    public static IReadOnlyList<Recording> Read(string path)
    {
        var bytes = Bytes(path);
        var root = Parse(path, bytes);
        if (root[Header] is not JsonValue version || !version.TryGetValue<int>(out var number))
            throw new CassetteException($"The file '{path}' is no cassette: it has no '{Header}'. Give the path of a file that a Cassette wrote.");
        if (number != Version)
            throw new CassetteException($"The cassette '{path}' is of version '{number}' and this version of LlmKit reads '{Version}'. Use the LlmKit that wrote it, or record it again with LLMKIT_CASSETTE_MODE=Record.");
        if (root["recordings"] is not JsonArray recordings)
            throw Damaged(path, "it has no 'recordings'");
        return [.. recordings.Select((recording, i) => Read(recording, path, i + 1, bytes))];
    }

    public static byte[] Write(IEnumerable<Recording> recordings)
    {
        var root = new JsonObject
        {
            [Header] = Version,
            ["recordings"] = new JsonArray([.. recordings.Select(Write)]),
        };
        return [.. CanonicalJson.Indented(root).Span, (byte)'\n'];
    }

    /// <summary>Puts a file in its place in one step, so that nobody ever reads half of one.</summary>
    public static void Save(string path, byte[] content)
    {
        var temporary = Prepare(path);
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc cref="Save"/>
    public static async Task SaveAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var temporary = Prepare(path);
        try
        {
            await File.WriteAllBytesAsync(temporary, content, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string Prepare(string path)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return $"{full}.{Guid.NewGuid():N}.new";
    }

    /// <summary>Gives the file without the mark that some editors put at its beginning.</summary>
    private static ReadOnlyMemory<byte> Bytes(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
    }

    private static JsonObject Parse(string path, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonNode.Parse(bytes.Span, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject
                ?? throw Damaged(path, "it is no JSON object");
        }
        catch (JsonException exception)
        {
            var merge = bytes.Span.IndexOf("<<<<<<< "u8) >= 0 ? ", where versions were merged and the conflict was left in" : "";
            throw Damaged(path, $"its JSON ends or breaks at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}{merge}", exception);
        }
    }

    private static Recording Read(JsonNode? node, string path, int number, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var json = LongTexts.Unfold(node).Object("it");
            var recording = new Recording(json.Text("scope") ?? "", json["request"].Object("its 'request'"))
            {
                Answer = json["answer"].Object("its 'answer'"),
                RecordedAt = json.Text("recorded_at"),
            };
            Check(recording.Answer);
            return recording;
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentException)
        {
            throw Damaged(path, $"its recording {number}, which begins at line {RecordingLines.LineOf(bytes.Span, number)}, cannot be read: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    /// <summary>An answer that cannot be read is told of when the file is opened, not in the middle of a test.</summary>
    private static void Check(JsonObject answer)
    {
        if (answer.ContainsKey("vectors"))
            _ = AnswerReading.Embeddings(answer);
        else if (AnswerReading.HasContent(answer))
            _ = AnswerReading.Response(answer);
        if (answer["error"] is JsonObject error)
            _ = ErrorJson.Read(error);
        else if (!AnswerReading.HasContent(answer))
            throw new FormatException("an answer is empty");
    }

    private static JsonNode Write(Recording recording) => new JsonObject
    {
        ["answer"] = LongTexts.Fold(recording.Answer),
        ["key"] = recording.Key,
        ["request"] = LongTexts.Fold(recording.Request),
    }
        .Put("scope", recording.Scope.Length > 0 ? recording.Scope : null)
        .Put("recorded_at", recording.RecordedAt);

    private static CassetteException Damaged(string path, string what, Exception? inner = null) => new(
        $"The cassette '{path}' is damaged: {what}. Take it from version control again, or record it with LLMKIT_CASSETTE_MODE=Record.", inner);
}
