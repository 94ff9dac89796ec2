using System.Runtime.CompilerServices;
using LlmKit.OpenAI.Requests;
using LlmKit.OpenAI.Responses;
using Microsoft.Extensions.AI;
using OpenAI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI;

/// <summary>OpenAI's chat completions as an <see cref="IChatClient"/>.</summary>
/// <remarks>Safe to use from any thread; holds no state of a call. It sends one request and neither retries nor limits time.</remarks>
internal sealed class OpenAIChatClient : IChatClient
{
    private readonly OpenAIConnection _connection;
    private readonly Sdk.ChatClient _client;
    private readonly ChatClientMetadata _metadata;

    internal OpenAIChatClient(OpenAIConnection connection)
    {
        _connection = connection;
        _client = connection.ClientFor(connection.ModelId).GetChatClient(connection.ModelId);
        _metadata = new(connection.ProviderName, connection.Endpoint, connection.ModelId);
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = RequestMessages.From(messages, options?.Instructions);
        var settings = CompletionOptions.From(options, this, _connection.SendsMaxTokens);
        try
        {
            var result = await ClientFor(options).CompleteChatAsync(request, settings, cancellationToken).ConfigureAwait(false);
            var response = PlainAnswer.From(result);
            LimitTap.Read(result.GetRawResponse())?.LeaveOn(response);
            return response;
        }
        catch (Exception e) when (_connection.Failures.Note(e) is { } better)
        {
            throw better;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = RequestMessages.From(messages, options?.Instructions);
        var settings = CompletionOptions.From(options, this, _connection.SendsMaxTokens);
        var chunks = ClientFor(options).CompleteChatStreamingAsync(request, settings, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var _ = chunks.ConfigureAwait(false);

        var answer = new StreamedAnswer();
        while (await NextAsync(chunks, answer).ConfigureAwait(false) is { } update)
            yield return update;
        if (answer.Last() is { } usage) yield return usage;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(Sdk.ChatClient) ? _client
            : serviceType == typeof(OpenAIClient) ? _connection.ClientFor(_connection.ModelId)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        // The SDK's clients own nothing: connections belong to the shared transport or to the caller's HTTP client.
    }

    private async ValueTask<ChatResponseUpdate?> NextAsync(IAsyncEnumerator<Sdk.StreamingChatCompletionUpdate> chunks, StreamedAnswer answer)
    {
        var box = answer.HasBegun ? null : new LimitTap.Box();
        if (box is not null) LimitTap.Into(box);
        try
        {
            if (!await chunks.MoveNextAsync().ConfigureAwait(false)) return null;
            var update = answer.Next(chunks.Current);
            box?.Left?.LeaveOn(update);
            return update;
        }
        catch (Exception e) when (_connection.Failures.Note(e) is { } better)
        {
            throw better;
        }
    }

    private Sdk.ChatClient ClientFor(ChatOptions? options) => options?.ModelId is { Length: > 0 } modelId && modelId != _connection.ModelId
        ? _connection.ClientFor(modelId).GetChatClient(modelId)
        : _client;
}
