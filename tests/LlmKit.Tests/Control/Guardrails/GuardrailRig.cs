using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>A pipeline with guardrails around a scripted model, asked plain or streamed.</summary>
internal sealed class GuardrailRig : IDisposable
{
    public const string Mail = "ann@example.org";
    public const string OtherMail = "bob@example.org";
    private readonly PipelineHost _host;

    public GuardrailRig(Action<GuardrailOptions> rules, ScriptedAnswer? answer = null, Action<LlmPipelineBuilder>? inside = null)
    {
        Model = new(answer ?? ScriptedAnswer.Text("Fine."));
        _host = PipelineHost.For(Model, builder =>
        {
            builder.UseGuardrails(rules);
            inside?.Invoke(builder);
        });
    }

    public ScriptedChatClient Model { get; }

    public async Task<(ChatResponse Response, LlmCall Call)> AskAsync(bool streamed, params ChatMessage[] messages)
    {
        if (!streamed)
        {
            var response = await _host.Chat.GetResponseAsync(messages);
            return (response, response.GetCall());
        }

        var updates = await _host.Chat.GetStreamingResponseAsync(messages).ToListAsync();
        return (updates.ToChatResponse(), updates[^1].GetCall()!);
    }

    public Task<(ChatResponse Response, LlmCall Call)> AskAsync(bool streamed, string text) => AskAsync(streamed, new ChatMessage(ChatRole.User, text));

    public IAsyncEnumerable<ChatResponseUpdate> StreamAsync(string text) => _host.Chat.GetStreamingResponseAsync(text);

    public void Dispose() => _host.Dispose();
}
