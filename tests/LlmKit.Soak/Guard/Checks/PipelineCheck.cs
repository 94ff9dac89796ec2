using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Control.Guardrails;
using LlmKit.Soak.Guard.Texts;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>A pipeline with guardrails of any kind fails in no other way than it is asked to, shows no secret, and says the same plain and streamed.</summary>
internal static class PipelineCheck
{
    // Long enough that nothing else has it, short enough that a part of the secret counts as the secret.
    private const int TellingPart = 20;

    private static readonly AIFunction s_send = AIFunctionFactory.Create((string to, JsonElement mail) => to, "send");

    public static async Task RunAsync(GuardCase one)
    {
        var draft = PipelineDraft.Draw(one);
        var plain = await AskAsync(one, draft, streamed: false).ConfigureAwait(false);
        var streamed = await AskAsync(one, draft, streamed: true).ConfigureAwait(false);
        one.Expect(plain.BlockedBy == streamed.BlockedBy, $"plain and streamed are blocked alike: '{plain.BlockedBy}' and '{streamed.BlockedBy}'");
        one.Expect(plain.BlockedBy is not null || plain.Text == streamed.Text, "plain and streamed answers have the same text");
        one.Expect(plain.BlockedBy is not null || plain.ToolCalls == streamed.ToolCalls, "plain and streamed answers call the same tools");
        one.Expect(plain.FinishReason == streamed.FinishReason, $"plain and streamed answers end alike: '{plain.FinishReason}' and '{streamed.FinishReason}'");
    }

    private static async Task<Shown> AskAsync(GuardCase one, PipelineDraft draft, bool streamed)
    {
        using var model = new ScriptedChatClient(draft.Answer);
        var services = new ServiceCollection();
        services.AddLlmPipeline().AddModel("model", model).UseGuardrails(draft.Configure);
        using var provider = services.BuildServiceProvider();
        var way = streamed ? "streamed" : "plain";
        var shown = await ShownAsync(one, provider.GetRequiredService<IChatClient>(), draft, streamed).ConfigureAwait(false);
        one.Expect(draft.Observes || !Holds(shown.Text + shown.ToolCalls, draft.AnswersSecret), $"no secret of the answer is shown, {way}");
        // Parts of a message are read as one text.
        var sent = string.Join('\n', model.Requests.SelectMany(request => request.Messages).Select(message => string.Concat(message.Contents.Select(Text))));
        // A repair shows the model its own answer again.
        one.Expect(draft.Observes || !Holds(sent, draft.RequestsSecret), $"no secret of the request is sent, {way}");
        return shown;
    }

    private static async Task<Shown> ShownAsync(GuardCase one, IChatClient chat, PipelineDraft draft, bool streamed)
    {
        var options = new ChatOptions { Tools = [s_send] };
        List<ChatResponseUpdate> updates = [];
        try
        {
            if (!streamed)
                return Shown.Of(await chat.GetResponseAsync(draft.Messages(), options).ConfigureAwait(false));
            await foreach (var update in chat.GetStreamingResponseAsync(draft.Messages(), options).ConfigureAwait(false))
                updates.Add(update);
            return Shown.Of(updates.ToChatResponse());
        }
        catch (GuardrailBlockedException exception)
        {
            one.Expect(draft.Throws, "it is thrown only where that is asked for");
            return Shown.Of(updates.ToChatResponse()) with { BlockedBy = exception.Rule, FinishReason = null };
        }
    }

    private static string Text(AIContent content) => content switch
    {
        TextContent text => text.Text,
        FunctionResultContent result => result.Result?.ToString() ?? "",
        FunctionCallContent call => JsonSerializer.Serialize(call.Arguments),
        _ => "",
    };

    private static bool Holds(string text, string secret) =>
        text.Contains(secret[..TellingPart], StringComparison.Ordinal) || text.Contains(secret[^TellingPart..], StringComparison.Ordinal);

    private sealed record Shown(string Text, string ToolCalls, ChatFinishReason? FinishReason, string? BlockedBy)
    {
        public static Shown Of(ChatResponse response) => new(
            response.Text,
            string.Join('\n', response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => call.Name + JsonSerializer.Serialize(call.Arguments))),
            response.FinishReason,
            response.AdditionalProperties?.GetValueOrDefault(RailBlock.Key) as string);
    }
}
