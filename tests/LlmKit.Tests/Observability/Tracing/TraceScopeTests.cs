using System.Diagnostics;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TraceScopeTests
{
    private const string Marker = "M4RKER";

    private static readonly TracingOptions WithContent = new() { CaptureContent = true };
    private static readonly TracingOptions Next = new() { Profile = SemanticConventions.Next, CaptureContent = false };

    [Test]
    public async Task Agent_CallsInIt_ArePartsOfItAndSummed([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var client = traced.Build(alone: false, ScriptedAnswer.Text("a", "b"));
        Activity span;

        using (var agent = LlmTrace.BeginAgent("clerk", "a-1", version: "3"))
        {
            span = agent.Span!;
            await traced.AskAsync(client, streamed);
            await traced.AskAsync(client, streamed);
        }

        Assert.That((span.DisplayName, span.Kind, span.IsStopped), Is.EqualTo(("invoke_agent clerk", ActivityKind.Internal, true)));
        Assert.That(span.TagObjects.ToDictionary(), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "invoke_agent",
            ["gen_ai.agent.name"] = "clerk",
            ["gen_ai.agent.id"] = "a-1",
            ["gen_ai.agent.version"] = "3",
            ["gen_ai.usage.input_tokens"] = 20L,
            ["gen_ai.usage.output_tokens"] = 4L,
        }));
        Assert.That(recorder.Chats(LlmKitDiagnostics.FeatureTag, traced.Name).Select(chat => chat.ParentSpanId), Is.All.EqualTo(span.SpanId));
        Assert.That(span.GetCustomProperty("__EnableSensitiveData__"), Is.Null);
        Assert.That(Activity.Current, Is.Null);
    }

    [Test]
    public void Agent_ContentOn_LetsFunctionInvocationRecordToo()
    {
        using var recorder = new TelemetryRecorder();

        using var agent = LlmTrace.BeginAgent("clerk", options: WithContent);
        using var workflow = LlmTrace.BeginWorkflow(options: WithContent);

        Assert.That(agent.Span!.GetCustomProperty("__EnableSensitiveData__"), Is.EqualTo("true"));
        Assert.That((workflow.Span!.DisplayName, workflow.Span.ParentSpanId), Is.EqualTo(("invoke_workflow", agent.Span.SpanId)));
    }

    [Test]
    public async Task Agent_NextProfile_IsMeasuredWithItsCallsAndTools()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var tool = LlmTrace.Traced(AIFunctionFactory.Create(() => 1, traced.Name), Next);

        using (var agent = LlmTrace.BeginAgent(traced.Name, options: Next))
        {
            await traced.AskAsync(traced.Build(alone: true, ScriptedAnswer.Text("a")), streamed: false);
            await tool.InvokeAsync();
            agent.Fail(new InvalidOperationException(Marker));
        }

        var duration = recorder.Measurements("gen_ai.invoke_agent.duration", "gen_ai.agent.name", traced.Name).Single();
        Assert.That(duration.Tags["error.type"], Is.EqualTo("System.InvalidOperationException"));
        Assert.That(recorder.Measurements("gen_ai.invoke_agent.inference_calls", "gen_ai.agent.name", traced.Name).Single().Value, Is.EqualTo(1));
        Assert.That(recorder.Measurements("gen_ai.invoke_agent.tool_calls", "gen_ai.agent.name", traced.Name).Single().Value, Is.EqualTo(1));
        Assert.That(recorder.Measurements("gen_ai.execute_tool.duration", "gen_ai.tool.name", traced.Name), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Agent_OnlyMetricsWanted_ItsCallsAndToolsAreCounted([Values] bool streamed, [Values] bool planned)
    {
        using var recorder = new TelemetryRecorder(spans: false);
        var traced = new TracedPipeline();
        var client = traced.Build(alone: false, ScriptedAnswer.Text("a", "b"));
        var tool = LlmTrace.Traced(AIFunctionFactory.Create(() => 1, traced.Name), Next);

        using (LlmTrace.BeginAgent("outer " + traced.Name, options: Next))
        {
            using (LlmTrace.BeginAgent(traced.Name, options: Next))
            {
                using var plan = planned ? LlmTrace.BeginPlan(traced.Name, Next) : null;
                await traced.AskAsync(client, streamed);
                await tool.InvokeAsync();
                await tool.InvokeAsync();
            }

            await traced.AskAsync(client, streamed);
        }

        await traced.AskAsync(client, streamed);

        Assert.That((Count("inference_calls", traced.Name), Count("tool_calls", traced.Name)), Is.EqualTo((1d, 2d)));
        Assert.That((Count("inference_calls", "outer " + traced.Name), Count("tool_calls", "outer " + traced.Name)), Is.EqualTo((1d, 0d)));

        double Count(string metric, string agent) => recorder.Measurements("gen_ai.invoke_agent." + metric, "gen_ai.agent.name", agent).Single().Value;
    }

    [Test]
    public void Agent_InAWorkflow_BothSayWhoTheyAreAndHowLongTheyTook([Values] bool fails)
    {
        using var recorder = new TelemetryRecorder();
        var name = $"w{Guid.NewGuid():n}";
        Activity agentSpan;
        Activity workflowSpan;

        using (var workflow = LlmTrace.BeginWorkflow(name, Next))
        {
            workflowSpan = workflow.Span!;
            using (var agent = LlmTrace.BeginAgent(name, description: "Sorts tickets.", options: Next))
                agentSpan = agent.Span!;
            if (fails)
                workflow.Fail(new InvalidOperationException(Marker));
        }

        Assert.That(agentSpan.GetTagItem("gen_ai.agent.description"), Is.EqualTo("Sorts tickets."));
        Assert.That((workflowSpan.DisplayName, workflowSpan.GetTagItem("gen_ai.workflow.name")), Is.EqualTo(("invoke_workflow " + name, name)));
        var duration = recorder.Measurements("gen_ai.invoke_workflow.duration", "gen_ai.workflow.name", name).Single();
        Assert.That((duration.Tags["gen_ai.operation.name"], duration.Tags.GetValueOrDefault("error.type")), Is.EqualTo(("invoke_workflow", fails ? "System.InvalidOperationException" : null)));
    }

    [Test]
    public void Agent_Remote_TellsWhoIsAskedAndWhatCameOfIt([Values] SemanticConventions profile, [Values] bool isRemote)
    {
        using var recorder = new TelemetryRecorder();
        var name = $"a{Guid.NewGuid():n}";
        var answer = new ChatResponse(new ChatMessage(ChatRole.Assistant, Marker)) { FinishReason = ChatFinishReason.Length, Usage = new() { InputTokenCount = 7, OutputTokenCount = 2 } };
        Activity span;

        using (var agent = LlmTrace.BeginAgent(
            new TraceAgent(name)
            {
                IsRemote = isRemote,
                Provider = "openai",
                Endpoint = new("https://agents.example:8443/a?key=k"),
                DataSource = "manuals",
                Request = new() { ModelId = "gpt-m", ConversationId = "c1", Temperature = 0.5f, Instructions = Marker },
            },
            new() { Profile = profile, CaptureContent = false }))
        {
            span = agent.Span!;
            agent.SetInput([new(ChatRole.User, Marker)]);
            agent.SetAnswer(answer);
        }

        Assert.That(span.Kind, Is.EqualTo(isRemote ? ActivityKind.Client : ActivityKind.Internal));
        var told = new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "invoke_agent",
            ["gen_ai.agent.name"] = name,
            ["gen_ai.request.model"] = "gpt-m",
            ["gen_ai.data_source.id"] = "manuals",
            ["gen_ai.conversation.id"] = "c1",
            ["gen_ai.request.temperature"] = 0.5,
            ["gen_ai.usage.input_tokens"] = 7L,
            ["gen_ai.usage.output_tokens"] = 2L,
            ["gen_ai.response.finish_reasons"] = new[] { "length" },
        };
        if (isRemote)
            (told["server.address"], told["server.port"]) = ("agents.example", 8443);
        if (isRemote || profile == SemanticConventions.Version141)
            told["gen_ai.provider.name"] = "openai";
        Assert.That(span.TagObjects.ToDictionary(), Is.EquivalentTo(told));
        var sampled = recorder.Sampled.Single(tags => tags.Any(tag => name.Equals(tag.Value))).Select(tag => tag.Key);
        Assert.That(sampled, Is.SupersetOf(new[] { "gen_ai.operation.name", "gen_ai.agent.name", "gen_ai.request.model" }));
    }

    [Test]
    public async Task Agent_ContentOn_HoldsItsConversationAndTheUsageOfItsCallsAlone()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        Activity span;

        using (var agent = LlmTrace.BeginAgent(new TraceAgent("clerk") { Request = new() { Instructions = "Be brief." } }, WithContent))
        {
            span = agent.Span!;
            agent.SetInput([new(ChatRole.User, "hello")]);
            await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("a", "b")), streamed: false);
            agent.SetAnswer(new(new ChatMessage(ChatRole.Assistant, "ab")) { FinishReason = ChatFinishReason.Stop, Usage = new() { InputTokenCount = 99 } });
        }

        Assert.That(span.GetTagItem("gen_ai.usage.input_tokens"), Is.EqualTo(10L));
        Assert.That(span.GetTagItem("gen_ai.system_instructions"), Is.EqualTo("""[{"type":"text","content":"Be brief."}]"""));
        Assert.That(span.GetTagItem("gen_ai.input.messages"), Is.EqualTo("""[{"role":"user","parts":[{"type":"text","content":"hello"}]}]"""));
        Assert.That(span.GetTagItem("gen_ai.output.messages"), Is.EqualTo("""[{"role":"assistant","parts":[{"type":"text","content":"ab"}],"finish_reason":"stop"}]"""));
        Assert.That(span.TagObjects.Last().Key, Is.EqualTo("gen_ai.output.messages"), "some backends lose what follows a large tag");
    }

    [Test]
    public async Task Plan_NextProfile_IsASpanAndItsCallsAreTheAgents([Values] bool next)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        Activity span;
        Activity? plan;

        using (var agent = LlmTrace.BeginAgent("clerk"))
        {
            span = agent.Span!;
            using var planning = LlmTrace.BeginPlan("clerk", next ? Next : null);
            plan = planning.Span;
            await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("a")), streamed: true);
        }

        Assert.That((plan?.DisplayName, plan?.Kind, plan?.ParentSpanId), next ? Is.EqualTo(("plan clerk", ActivityKind.Internal, span.SpanId)) : Is.EqualTo(((string?)null, (ActivityKind?)null, (ActivitySpanId?)null)));
        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).ParentSpanId, Is.EqualTo((plan ?? span).SpanId));
        Assert.That(span.GetTagItem("gen_ai.usage.input_tokens"), Is.EqualTo(10L));
    }

    [Test]
    public void Retrieval_Documents_AreCountedAlwaysAndToldWithContent([Values] bool content)
    {
        using var recorder = new TelemetryRecorder();
        Activity span;

        using (var retrieval = LlmTrace.BeginRetrieval("manuals", Marker, topK: 3, provider: "qdrant", model: "e-1", options: new() { CaptureContent = content }))
        {
            span = retrieval.Span!;
            retrieval.SetDocuments([new("d1", 0.5) { Title = Marker, Uri = new("https://u:p@docs.example/a?key=k") }, new("d2")]);
        }

        Assert.That((span.DisplayName, span.Kind), Is.EqualTo(("retrieval manuals", ActivityKind.Internal)));
        Assert.That(span.GetTagItem("gen_ai.data_source.id"), Is.EqualTo("manuals"));
        Assert.That((span.GetTagItem("gen_ai.provider.name"), span.GetTagItem("gen_ai.request.model")), Is.EqualTo(("qdrant", "e-1")));
        Assert.That(span.GetTagItem("gen_ai.request.top_k"), Is.EqualTo(3d));
        Assert.That(span.GetTagItem("llmkit.retrieval.document.count"), Is.EqualTo(2));
        Assert.That(span.GetTagItem("gen_ai.retrieval.query.text"), Is.EqualTo(content ? Marker : null));
        Assert.That(span.GetTagItem("gen_ai.retrieval.documents"), Is.EqualTo(
            content ? """[{"id":"d1","score":0.5,"title":"M4RKER","uri":"https://docs.example/a"},{"id":"d2"}]""" : null));
    }

    [Test]
    public async Task Tool_Used_IsASpanWithTextsOnlyWhenAskedFor([Values] bool content)
    {
        using var recorder = new TelemetryRecorder();
        using var around = LlmTrace.BeginWorkflow();
        var tool = LlmTrace.Traced(AIFunctionFactory.Create((string city) => "rain in " + city, "weather", "Tells the weather."), new() { CaptureContent = content });

        var result = await tool.InvokeAsync(new() { ["city"] = Marker });

        Assert.That(result!.ToString(), Is.EqualTo("rain in " + Marker));
        var span = recorder.Children(around.Span!).Single();
        Assert.That((span.DisplayName, span.Kind), Is.EqualTo(("execute_tool weather", ActivityKind.Internal)));
        Assert.That((span.GetTagItem("gen_ai.tool.name"), span.GetTagItem("gen_ai.tool.type")), Is.EqualTo(("weather", "function")));
        Assert.That(span.GetTagItem("gen_ai.tool.call.arguments"), Is.EqualTo(content ? """{"city":"M4RKER"}""" : null));
        Assert.That(span.GetTagItem("gen_ai.tool.call.result"), Is.EqualTo(content ? "\"rain in M4RKER\"" : null));
    }

    [Test]
    public void Tool_Fails_SpanSaysTheTypeAlone()
    {
        using var recorder = new TelemetryRecorder();
        using var around = LlmTrace.BeginWorkflow();
        var tool = LlmTrace.Traced(AIFunctionFactory.Create(string () => throw new InvalidOperationException(Marker), "broken"));

        Assert.That(async () => await tool.InvokeAsync(), Throws.InvalidOperationException);

        var span = recorder.Children(around.Span!).Single();
        Assert.That((span.Status, span.StatusDescription, span.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, (string?)null, "System.InvalidOperationException")));
    }

    [Test]
    public void Retrieval_RemoteAndFails_IsAClientsSpanWithTheTypeAlone([Values] SemanticConventions profile)
    {
        using var recorder = new TelemetryRecorder();
        Activity span;

        using (var retrieval = LlmTrace.BeginRetrieval("manuals", topK: 3, isRemote: true, options: new() { Profile = profile, CaptureContent = false }))
        {
            span = retrieval.Span!;
            retrieval.Fail(new FormatException(Marker));
        }

        Assert.That((span.Kind, span.Status, span.StatusDescription, span.GetTagItem("error.type")), Is.EqualTo((ActivityKind.Client, ActivityStatusCode.Error, (string?)null, "System.FormatException")));
        var isNext = profile == SemanticConventions.Next;
        Assert.That((span.GetTagItem("gen_ai.request.top_k"), span.GetTagItem("gen_ai.retrieval.top_k")), Is.EqualTo(isNext ? ((object?)null, (object?)3) : (3d, null)));
        Assert.That(span.GetTagItem("llmkit.retrieval.document.count"), Is.Null);
    }

    [Test]
    public void Tool_Cancelled_IsNeitherErrorNorSuccess([Values] bool byItself)
    {
        using var recorder = new TelemetryRecorder();
        using var around = LlmTrace.BeginWorkflow();
        using var cancelled = new CancellationTokenSource();
        var name = $"t{Guid.NewGuid():n}";
        var tool = LlmTrace.Traced(AIFunctionFactory.Create(string () => throw new OperationCanceledException(), name, "Waits."), Next);
        if (!byItself)
            cancelled.Cancel();

        Assert.That(async () => await tool.InvokeAsync(cancellationToken: cancelled.Token), Throws.InstanceOf<OperationCanceledException>());

        var span = recorder.Children(around.Span!).Single();
        Assert.That(span.GetTagItem("gen_ai.tool.description"), Is.EqualTo("Waits."));
        Assert.That((span.Status, span.GetTagItem(LlmKitDiagnostics.OutcomeTag)), Is.EqualTo(byItself ? (ActivityStatusCode.Error, (object?)null) : (ActivityStatusCode.Unset, "cancelled")));
        var error = byItself ? "timeout" : "cancelled";
        Assert.That(recorder.Measurements("gen_ai.execute_tool.duration", "gen_ai.tool.name", name).Single().Tags["error.type"], Is.EqualTo(error));
    }

    [Test]
    public async Task Tool_SpanOfItsInvokerIsThere_ThatOneIsCompleted()
    {
        using var recorder = new TelemetryRecorder();
        using var around = LlmTrace.BeginWorkflow();
        var tool = LlmTrace.Traced(AIFunctionFactory.Create((int n) => n + 1, "add"), WithContent);

        using (var invoker = LlmKitDiagnostics.ActivitySource.StartActivity("execute_tool add", ActivityKind.Internal, default(ActivityContext), [new("gen_ai.operation.name", "execute_tool")]))
            await tool.InvokeAsync(new() { ["n"] = 1 });

        var span = recorder.Children(around.Span!).Single();
        Assert.That(recorder.Children(span), Is.Empty);
        Assert.That((span.GetTagItem("gen_ai.tool.call.arguments"), span.GetTagItem("gen_ai.tool.call.result")), Is.EqualTo(("""{"n":1}""", "2")));
    }

    [Test]
    public async Task Tool_UsedByAnother_HasASpanOfItsOwn([Values] bool sameName)
    {
        using var recorder = new TelemetryRecorder();
        using var around = LlmTrace.BeginWorkflow();
        var inner = LlmTrace.Traced(AIFunctionFactory.Create((int b) => b, sameName ? "outer" : "inner"), WithContent);
        var outer = LlmTrace.Traced(AIFunctionFactory.Create(async (int a) => await inner.InvokeAsync(new() { ["b"] = a + 1 }), "outer"), WithContent);

        await outer.InvokeAsync(new() { ["a"] = 1 });

        var span = recorder.Children(around.Span!).Single();
        var below = recorder.Children(span).Single();
        Assert.That((span.GetTagItem("gen_ai.tool.call.arguments"), below.GetTagItem("gen_ai.tool.call.arguments")), Is.EqualTo(("""{"a":1}""", """{"b":2}""")));
        Assert.That(below.DisplayName, Is.EqualTo("execute_tool " + inner.Name));
    }

    [Test]
    public async Task Tool_UsedByOneThatIsNotTraced_LeavesTheSpanOfItsInvokerAlone()
    {
        using var recorder = new TelemetryRecorder();
        using var around = LlmTrace.BeginWorkflow();
        var inner = LlmTrace.Traced(AIFunctionFactory.Create((int b) => b, "inner"), WithContent);

        using (LlmKitDiagnostics.ActivitySource.StartActivity("execute_tool outer", ActivityKind.Internal, default(ActivityContext), [new("gen_ai.operation.name", "execute_tool"), new("gen_ai.tool.name", "outer")]))
            await inner.InvokeAsync(new() { ["b"] = 2 });

        var span = recorder.Children(around.Span!).Single();
        Assert.That(span.GetTagItem("gen_ai.tool.call.arguments"), Is.Null);
        Assert.That(recorder.Children(span).Single().GetTagItem("gen_ai.tool.call.arguments"), Is.EqualTo("""{"b":2}"""));
    }

    [Test]
    public async Task Tool_InvokedForACall_SpanTellsItsIdAndTheToolDoesNotSeeIt()
    {
        using var recorder = new TelemetryRecorder();
        using var around = LlmTrace.BeginWorkflow();
        IReadOnlyList<string>? seen = null;
        var tool = LlmTrace.Traced(AIFunctionFactory.Create((AIFunctionArguments arguments) => seen = [.. arguments.Keys], "look"));

        await tool.InvokeAsync(new AIFunctionArguments { ["n"] = 1 }.WithCall(new("call-7", "look")));

        Assert.That(recorder.Children(around.Span!).Single().GetTagItem("gen_ai.tool.call.id"), Is.EqualTo("call-7"));
        Assert.That(seen, Is.EqualTo(new[] { "n" }));
    }

    [Test]
    public void WithCall_ContextOfTheCallersOwn_IsKept()
    {
        var arguments = new AIFunctionArguments { Context = new Dictionary<object, object?> { ["mine"] = 1 } };

        Assert.That(arguments.WithCall(new("call-7", "look")), Is.SameAs(arguments));

        Assert.That(arguments.Context, Has.Count.EqualTo(2).And.ContainKey("mine"));
    }

    [Test]
    public async Task Embeddings_Generated_AreASpanAndMeasured()
    {
        using var recorder = new TelemetryRecorder();
        var model = $"m{Guid.NewGuid():n}";
        var generator = LlmTrace.Traced(new FixedEmbeddingGenerator(5), time: new ManualTimeProvider());

        await generator.GenerateAsync([Marker], new() { ModelId = model, Dimensions = 3 });

        var span = recorder.Chat("gen_ai.request.model", model);
        Assert.That((span.DisplayName, span.Kind), Is.EqualTo(("embeddings " + model, ActivityKind.Client)));
        Assert.That(span.GetTagItem("gen_ai.operation.name"), Is.EqualTo("embeddings"));
        Assert.That(span.GetTagItem("gen_ai.embeddings.dimension.count"), Is.EqualTo(3));
        Assert.That(span.GetTagItem("gen_ai.usage.input_tokens"), Is.EqualTo(5L));
        Assert.That(span.TagObjects.Select(tag => tag.Value), Has.None.EqualTo(Marker));
        var duration = recorder.Measurements("gen_ai.client.operation.duration", "gen_ai.request.model", model).Single();
        Assert.That(duration.Tags["gen_ai.operation.name"], Is.EqualTo("embeddings"));
    }
}
