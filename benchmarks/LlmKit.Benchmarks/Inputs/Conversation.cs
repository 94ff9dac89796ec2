using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>The one conversation of every benchmark: two messages of 1,024 bytes together, an answer of 1,024 characters with usage.</summary>
internal static class Conversation
{
    private const string Words = "The parcel left the depot on Monday and should be with you by Thursday noon. ";
    private const int AnswerLength = 1_024;

    public static ChatMessage[] Messages { get; } =
    [
        new(ChatRole.System, Text(256)),
        new(ChatRole.User, Text(768)),
    ];

    /// <summary>Gets the same conversation with an address, a card and a telephone number in the question.</summary>
    public static ChatMessage[] Personal { get; } =
    [
        new(ChatRole.System, Text(256)),
        new(ChatRole.User, Text(384) + " Write to jo@example.com, charge 4111 1111 1111 1111, call +1 202 555 0143. " + Text(300)),
    ];

    public static LlmCallOptions Options { get; } = new()
    {
        Tenant = "acme",
        User = "u42",
        Feature = "triage",
        Temperature = 0.2f,
        MaxOutputTokens = 1_024,
    };

    /// <summary>Gets the same options with the cache told to stay out, so that the models are asked.</summary>
    public static LlmCallOptions Uncached { get; } = Bypassing();

    public static ChatResponse Answer { get; } = new(new ChatMessage(ChatRole.Assistant, Text(AnswerLength)))
    {
        ResponseId = "response-1",
        ModelId = InstantChatClient.ModelId,
        FinishReason = ChatFinishReason.Stop,
        Usage = Usage(),
    };

    /// <summary>Gives the same answer in pieces; the last one brings usage and the finish reason.</summary>
    public static ChatResponseUpdate[] Updates(int count)
    {
        var text = Text(AnswerLength);
        var updates = new ChatResponseUpdate[count];
        for (var i = 0; i < count; i++)
        {
            var (start, end) = (AnswerLength * i / count, AnswerLength * (i + 1) / count);
            updates[i] = new(ChatRole.Assistant, text[start..end]) { ResponseId = "response-1", MessageId = "message-1", ModelId = InstantChatClient.ModelId };
        }

        updates[^1].Contents.Add(new UsageContent(Usage()));
        updates[^1].FinishReason = ChatFinishReason.Stop;
        return updates;
    }

    private static LlmCallOptions Bypassing()
    {
        var options = (LlmCallOptions)Options.Clone();
        options.Cache = LlmCacheDirectives.Bypass;
        return options;
    }

    private static UsageDetails Usage() => new() { InputTokenCount = 230, OutputTokenCount = 240, TotalTokenCount = 470 };

    private static string Text(int length) => string.Concat(Enumerable.Repeat(Words, length / Words.Length + 1))[..length];
}
