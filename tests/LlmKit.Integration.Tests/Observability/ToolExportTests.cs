using System.Diagnostics;
using LlmKit.Integration.Tests.Observability.Otlp;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Observability;

/// <summary>An application that invokes tools itself: the span of each use arrives with the id of the call that the model made.</summary>
[NonParallelizable]
public sealed class ToolExportTests
{
    private const string CallId = "gen_ai.tool.call.id";

    [Test]
    public async Task Tool_InvokedForACall_ArrivesWithItsId([Values] bool streamed, [Values] bool noted)
    {
        await using var exported = await Exported.StartAsync(static options => options.CaptureContent = true, Model());
        var tool = Tool();

        string trace;
        using (var workflow = LlmTrace.BeginWorkflow(exported.Name))
        {
            trace = workflow.Span!.TraceId.ToHexString();
            await LoopAsync(exported.Client, tool, streamed, noted);
        }

        var spans = exported.Flush().Spans.Where(span => span.TraceId == trace).ToList();
        var used = spans.Single(span => span.Name == "execute_tool weather");
        Assert.That(used.Attributes.GetValueOrDefault(CallId), Is.EqualTo(noted ? "call-7" : null));
        Assert.That(spans.Where(span => span.Name == "chat gpt-m").Select(span => span.Attributes["gen_ai.output.messages"]), Has.Some.Contains("\"id\":\"call-7\""));
        Assert.That(spans.Where(span => span.Name == "chat gpt-m").Select(span => span.Attributes["gen_ai.input.messages"]), Has.Some.Contains("\"type\":\"tool_call_response\",\"id\":\"call-7\""));
    }

    [Test]
    public async Task Tool_SpanOfItsInvokerIsThere_KeepsTheIdThatItHas()
    {
        await using var exported = await Exported.StartAsync(static _ => { }, Model());
        using var theirs = new ActivitySource(LlmKitDiagnostics.ActivitySourceName);
        using var workflow = LlmTrace.BeginWorkflow(exported.Name);

        using (theirs.StartActivity("execute_tool weather", ActivityKind.Internal, default(ActivityContext), [new("gen_ai.operation.name", "execute_tool"), new(CallId, "theirs")]))
            await Tool().InvokeAsync(new AIFunctionArguments { ["city"] = "Rome" }.WithCall(new("ours", "weather")));

        var used = exported.Flush().Spans.Where(span => span.TraceId == workflow.Span!.TraceId.ToHexString()).ToList();
        Assert.That(used.Select(span => span.Attributes[CallId]), Is.EqualTo(new[] { "theirs" }));
    }

    private static AIFunction Tool() => LlmTrace.Traced(AIFunctionFactory.Create((string city) => "rain in " + city, "weather"));

    private static async Task LoopAsync(IChatClient client, AIFunction tool, bool streamed, bool noted)
    {
        List<ChatMessage> messages = [new(ChatRole.User, "weather?")];
        while (true)
        {
            var options = new ChatOptions { Tools = [tool] };
            var response = streamed ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);
            messages.AddRange(response.Messages);
            if (response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().FirstOrDefault() is not { } call)
                return;
            var arguments = new AIFunctionArguments(call.Arguments);
            messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, await tool.InvokeAsync(noted ? arguments.WithCall(call) : arguments))]));
        }
    }

    private static ScriptedChatClient Model() => new(
        static (number, _) => number == 0
            ? ScriptedAnswer.Text() with { Contents = [new FunctionCallContent("call-7", "weather", new Dictionary<string, object?> { ["city"] = "Rome" })], FinishReason = ChatFinishReason.ToolCalls }
            : ScriptedAnswer.Text("rain"),
        time: null,
        modelId: "gpt-m");
}
