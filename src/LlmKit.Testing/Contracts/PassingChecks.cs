using Microsoft.Extensions.AI;
using static LlmKit.Testing.Contracts.ContractBrokenException;

namespace LlmKit.Testing.Contracts;

/// <summary>What a stage does with requests and answers that it has nothing against.</summary>
internal static class PassingChecks
{
    public static async Task PassesThroughAsync(Func<IChatClient, IChatClient> stage)
    {
        foreach (var streamed in new[] { false, true })
        {
            var inner = new ScriptedChatClient(ContractRequests.Answer);
            using var client = stage(inner);
            var response = await ContractRequests.InTimeAsync(ContractRequests.AskAsync(client, streamed, new())).ConfigureAwait(false);
            Unless(response.Text == "The capital is Paris.", $"the {Way(streamed)} answer became '{response.Text}'.");
            Unless(inner.Requests.Count == 1, $"the inner client was asked {inner.Requests.Count} times.");
            Unless(inner.Requests[0].Messages.Select(message => message.Text).SequenceEqual(ContractRequests.Messages.Select(message => message.Text)), "the inner client got other messages.");
            Unless(inner.Requests[0].IsStreaming == streamed, $"the {Way(streamed)} request reached the inner client another way.");
        }
    }

    public static async Task StreamsWhatItAnswersAsync(Func<IChatClient, IChatClient> stage)
    {
        var answer = ContractRequests.Answer with { Contents = [new FunctionCallContent("1", "look_up", new Dictionary<string, object?> { ["city"] = "Paris" })] };
        using var first = stage(new ScriptedChatClient(answer));
        using var second = stage(new ScriptedChatClient(answer));
        var plain = await ContractRequests.InTimeAsync(ContractRequests.AskAsync(first, streamed: false, new())).ConfigureAwait(false);
        var streamed = await ContractRequests.InTimeAsync(ContractRequests.AskAsync(second, streamed: true, new())).ConfigureAwait(false);
        Unless(plain.Text == streamed.Text, $"'{plain.Text}' was streamed as '{streamed.Text}'.");
        Unless(plain.FinishReason == streamed.FinishReason, $"the finish reason '{plain.FinishReason}' was streamed as '{streamed.FinishReason}'.");
        Unless(plain.Messages.Count == streamed.Messages.Count, $"{plain.Messages.Count} messages were streamed as {streamed.Messages.Count}.");
        Unless(Kinds(plain).SequenceEqual(Kinds(streamed)), $"the contents {string.Join(", ", Kinds(plain))} were streamed as {string.Join(", ", Kinds(streamed))}.");
        Unless(plain.Usage?.TotalTokenCount == streamed.Usage?.TotalTokenCount, $"{plain.Usage?.TotalTokenCount} tokens were streamed as {streamed.Usage?.TotalTokenCount}.");
    }

    public static async Task AcceptsNoOptionsAsync(Func<IChatClient, IChatClient> stage)
    {
        using var client = stage(new ScriptedChatClient(ContractRequests.Answer));
        foreach (var streamed in new[] { false, true })
            await ContractRequests.InTimeAsync(ContractRequests.AskAsync(client, streamed, options: null)).ConfigureAwait(false);
    }

    public static async Task ServesAtOnceAsync(Func<IChatClient, IChatClient> stage)
    {
        using var client = stage(new ScriptedChatClient((_, request) => ScriptedAnswer.Text("You said: ", request.Messages[^1].Text)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(number => AskOneAsync(client, number))).ConfigureAwait(false);
        for (var i = 0; i < answers.Length; i++)
            Unless(answers[i] == $"You said: question {i}", $"question {i} got the answer '{answers[i]}'.");
    }

    public static async Task LeavesCallersObjectsAsync(Func<IChatClient, IChatClient> stage)
    {
        foreach (var streamed in new[] { false, true })
        {
            using var client = stage(new ScriptedChatClient(ContractRequests.Answer));
            var options = new ChatOptions { Temperature = 0.5f, StopSequences = ["stop"], AdditionalProperties = new() { ["mine"] = 1 } };
            var before = options.Clone();
            await ContractRequests.InTimeAsync(ContractRequests.AskAsync(client, streamed, options)).ConfigureAwait(false);
            foreach (var property in typeof(ChatOptions).GetProperties().Where(property => property.PropertyType.IsValueType || property.PropertyType == typeof(string)))
                Unless(Equals(property.GetValue(options), property.GetValue(before)), $"ChatOptions.{property.Name} was changed.");
            Unless(options.StopSequences!.SequenceEqual(before.StopSequences!) && options.Tools is null && options.RawRepresentationFactory is null, "the options' lists were changed.");
            Unless(options.AdditionalProperties.Count == 1 && options.AdditionalProperties.ContainsKey("mine"), "ChatOptions.AdditionalProperties was changed.");
            Unless(ContractRequests.Messages is [{ Text: "Be brief.", Contents.Count: 1 }, { Text: "What is the capital of France?", Contents.Count: 1 }], "the messages were changed.");
        }
    }

    public static async Task EnumeratesOnceAsync(Func<IChatClient, IChatClient> stage)
    {
        foreach (var streamed in new[] { false, true })
        {
            using var client = stage(new ScriptedChatClient(ContractRequests.Answer));
            var enumerations = 0;
            var messages = ContractRequests.Messages.Select((message, i) =>
            {
                enumerations += i == 0 ? 1 : 0;
                return message;
            });
            await ContractRequests.InTimeAsync(streamed
                ? client.GetStreamingResponseAsync(messages).ToChatResponseAsync()
                : client.GetResponseAsync(messages)).ConfigureAwait(false);
            Unless(enumerations == 1, $"the messages of a {Way(streamed)} request were enumerated {enumerations} times.");
        }
    }

    public static async Task RefusesNullAsync(Func<IChatClient, IChatClient> stage)
    {
        Unless(Throws(() => stage(null!)), "a null inner client was accepted.");
        using var client = stage(new ScriptedChatClient(ContractRequests.Answer));
        Unless(Throws(() => client.GetService(null!)), "GetService accepted a null type.");
        Unless(await ThrowsAsync(() => client.GetResponseAsync((IEnumerable<ChatMessage>)null!)).ConfigureAwait(false), "GetResponseAsync accepted null messages.");
        Unless(
            await ThrowsAsync(() => client.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!).ToChatResponseAsync()).ConfigureAwait(false),
            "GetStreamingResponseAsync accepted null messages.");
    }

    public static Task FindsServicesAsync(Func<IChatClient, IChatClient> stage)
    {
        var inner = new ScriptedChatClient(ContractRequests.Answer);
        using var client = stage(inner);
        Unless(ReferenceEquals(client.GetService(client.GetType()), client), "GetService did not find the stage itself.");
        Unless(ReferenceEquals(client.GetService(typeof(ScriptedChatClient)), inner), "GetService did not find the inner client.");
        Unless(client.GetService(typeof(ChatClientMetadata)) is ChatClientMetadata { ProviderName: "scripted" }, "GetService did not find the inner client's metadata.");
        Unless(client.GetService(typeof(ScriptedChatClient), "no such key") is null, "GetService found something under a key that nobody knows.");
        return Task.CompletedTask;
    }

    private static async Task<string> AskOneAsync(IChatClient client, int number)
    {
        var messages = new[] { new ChatMessage(ChatRole.User, $"question {number}") };
        await Task.Yield();
        var response = await ContractRequests.InTimeAsync(number % 2 == 0
            ? client.GetResponseAsync(messages)
            : client.GetStreamingResponseAsync(messages).ToChatResponseAsync()).ConfigureAwait(false);
        return response.Text;
    }

    private static IEnumerable<string> Kinds(ChatResponse response) =>
        response.Messages.SelectMany(message => message.Contents).Where(content => content is not UsageContent).Select(content => content.GetType().Name);

    private static string Way(bool streamed) => streamed ? "streamed" : "plain";

    private static bool Throws(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (Exception exception) when (exception is ArgumentException or LlmException)
        {
            return true;
        }
    }

    private static async Task<bool> ThrowsAsync(Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
