using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>A pipeline with guardrails around a scripted model, asked plain or streamed.</summary>
internal sealed class GuardrailRig : IDisposable
{
    public const string Mail = "ann@example.org";
    public const string OtherMail = "bob@example.org";
    private readonly PipelineHost _host;

    public GuardrailRig(Action<GuardrailOptions> rules, ScriptedAnswer? answer = null, Action<LlmPipelineBuilder>? inside = null, IConfiguration? configuration = null)
        : this(rules, [answer ?? ScriptedAnswer.Text("Fine.")], inside, configuration)
    {
    }

    public GuardrailRig(Action<GuardrailOptions> rules, ScriptedAnswer[] answers, Action<LlmPipelineBuilder>? inside = null, IConfiguration? configuration = null)
    {
        Model = new(answers);
        _host = new(
            builder =>
            {
                builder.AddModel("model", Model, options => options.Price = new(1_000_000, 2_000_000)).UseGuardrails(rules);
                inside?.Invoke(builder);
            },
            configuration: configuration);
    }

    public ScriptedChatClient Model { get; }

    public IReadOnlyList<string> Logs => [.. _host.Logs.Messages];

    public async Task<(ChatResponse Response, LlmCall Call)> AskAsync(
        bool streamed, ChatOptions? options, IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default)
    {
        if (!streamed)
        {
            var response = await _host.Chat.GetResponseAsync(messages, options, cancellationToken);
            return (response, response.GetCall());
        }

        var updates = await _host.Chat.GetStreamingResponseAsync(messages, options, cancellationToken).ToListAsync(cancellationToken);
        return (updates.ToChatResponse(), updates[^1].GetCall()!);
    }

    public Task<(ChatResponse Response, LlmCall Call)> AskAsync(bool streamed, ChatOptions? options, ChatMessage message) => AskAsync(streamed, options, [message]);

    public Task<(ChatResponse Response, LlmCall Call)> AskAsync(bool streamed, params ChatMessage[] messages) => AskAsync(streamed, null, messages);

    public Task<(ChatResponse Response, LlmCall Call)> AskAsync(bool streamed, string text, CancellationToken cancellationToken = default) =>
        AskAsync(streamed, null, [new ChatMessage(ChatRole.User, text)], cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> StreamAsync(string text, ChatOptions? options = null) => _host.Chat.GetStreamingResponseAsync(text, options);

    /// <summary>Moves the clock until a question is answered.</summary>
    public Task<T> FinishAsync<T>(Task<T> asking) => _host.Clock.FinishAsync(asking);

    public void Dispose() => _host.Dispose();
}
