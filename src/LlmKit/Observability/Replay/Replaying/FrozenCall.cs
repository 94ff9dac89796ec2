using System.Text.Json.Nodes;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>One request, kept as it was, to be made again: and the answer it had, where that is known.</summary>
/// <remarks>
/// Immutable and thread-safe: it holds deep copies, and every read gives new ones. Raw representations are not kept. Tools and other
/// objects in the options are those of the original.
/// </remarks>
public sealed class FrozenCall
{
    private readonly JsonObject _messages;
    private readonly JsonObject? _answer;
    private readonly ChatOptions? _options;

    /// <summary>Freezes a request.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="answer">The answer that it had; <see langword="null"/> when it is not known.</param>
    /// <exception cref="CassetteException">A part is of a type that cannot be copied.</exception>
    public FrozenCall(IEnumerable<ChatMessage> messages, ChatOptions? options = null, ChatResponse? answer = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        _messages = Copy(new([.. messages]));
        _answer = answer is null ? null : Copy(answer);
        _options = options?.CloneApart();
    }

    /// <summary>Gets copies of the messages.</summary>
    public IReadOnlyList<ChatMessage> Messages => [.. AnswerReading.Response(_messages).Messages];

    /// <summary>Gets a copy of the options.</summary>
    public ChatOptions? Options => _options?.CloneApart();

    /// <summary>Gets a copy of the answer that it had; <see langword="null"/> when it is not known.</summary>
    public ChatResponse? Answer => _answer is null ? null : AnswerReading.Response(_answer);

    private static JsonObject Copy(ChatResponse response) => AnswerJson.Of(response, RequestRules.None, keepTimes: true);
}
