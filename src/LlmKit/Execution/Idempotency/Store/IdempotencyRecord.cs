using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Internal.Flights;
using LlmKit.Models;

namespace LlmKit.Execution.Idempotency;

/// <summary>The outcome of a call as a store keeps it: which request it was, and its answer or its permanent failure.</summary>
/// <param name="Request">The request.</param>
/// <param name="Answer">The answer; <see langword="null"/> for a failure.</param>
/// <param name="Failure">The failure; <see langword="null"/> for an answer.</param>
internal sealed record IdempotencyRecord(RequestFingerprint Request, KeptAnswer? Answer, ModelFailure? Failure)
{
    private const int Version = 1;

    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>((Answer?.Json.Length ?? 0) + 512);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteNumber("version"u8, Version);
        Request.Write(json);
        if (Answer is not null)
            Write(json, Answer);
        else
            Write(json, Failure!);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what was kept; <see langword="null"/> for the form of another version.</summary>
    /// <exception cref="JsonException">It is not what was kept.</exception>
    /// <exception cref="FormatException">It is not what was kept.</exception>
    /// <exception cref="NotSupportedException">It holds a content that is not known here.</exception>
    public static IdempotencyRecord? Read(byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var json = document.RootElement;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("version"u8, out var version) || version.GetInt32() != Version)
            return null;
        var request = RequestFingerprint.Read(json);
        return json.TryGetProperty("kind"u8, out var kind)
            ? new(request, Answer: null, ReadFailure(json, kind))
            : new(request, Readable(ReadAnswer(json)), Failure: null);
    }

    private static void Write(Utf8JsonWriter json, KeptAnswer answer)
    {
        json.WriteString("model"u8, answer.Model);
        json.WriteNumber("marks"u8, (int)answer.Marks);
        json.WritePropertyName(answer.IsStream ? "updates"u8 : "answer"u8);
        json.WriteRawValue(answer.Json, skipInputValidation: true);
    }

    private static void Write(Utf8JsonWriter json, ModelFailure failure)
    {
        json.WriteString("kind"u8, failure.Kind.ToString());
        json.WriteString("model"u8, failure.Model);
        json.WriteString("code"u8, failure.ProviderCode);
        if (failure.Status is { } status)
            json.WriteNumber("status"u8, status);
    }

    private static KeptAnswer ReadAnswer(JsonElement json)
    {
        var isStream = json.TryGetProperty("updates"u8, out var answer);
        if (!isStream && !json.TryGetProperty("answer"u8, out answer))
            throw new FormatException("There is no answer.");
        return new(Encoding.UTF8.GetBytes(answer.GetRawText()), isStream, json.GetProperty("model"u8).GetString(), (AnswerMarks)json.GetProperty("marks"u8).GetInt32());
    }

    /// <summary>An answer that cannot be given must be found out here, where the call can still be made.</summary>
    private static KeptAnswer Readable(KeptAnswer answer)
    {
        answer.ToResponse();
        return answer;
    }

    private static ModelFailure ReadFailure(JsonElement json, JsonElement kind) => new()
    {
        Kind = Enum.TryParse<ModelFailureKind>(kind.GetString(), out var known) ? known : ModelFailureKind.Unknown,
        Model = json.GetProperty("model"u8).GetString(),
        ProviderCode = json.GetProperty("code"u8).GetString(),
        Status = json.TryGetProperty("status"u8, out var status) ? status.GetInt32() : null,
    };
}
