using LlmKit.Integration.Tests.Simulator;
using LlmKit.Models;
using LlmKit.Simulator;
using LlmKit.Simulator.Faults;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Loopback;

/// <summary>Pipelines with real SDKs over real sockets.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class ProviderLoopbackTests(bool openAI)
{
    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return new(Fault.RateLimited(TimeSpan.FromSeconds(3)), ModelFailureKind.RateLimited, 3);
        yield return new(Fault.ServerError(), ModelFailureKind.Transient, null);
        yield return new(Fault.Unavailable(TimeSpan.FromSeconds(4)), ModelFailureKind.Overloaded, 4);
        yield return new(Fault.Overloaded(), ModelFailureKind.Overloaded, null);
        yield return new(Fault.Unauthorized(), ModelFailureKind.Unauthorized, null);
        yield return new(Fault.ModelNotFound(), ModelFailureKind.ModelNotFound, null);
        yield return new(Fault.ContextLengthExceeded(), ModelFailureKind.ContextLengthExceeded, null);
        yield return new(Fault.QuotaExhausted(), ModelFailureKind.QuotaExhausted, null);
        yield return new(Fault.PromptFiltered(), ModelFailureKind.ContentFiltered, null);
        yield return new(Fault.MalformedJson(), ModelFailureKind.Transient, null);
        yield return new(Fault.ResetBeforeHeaders(), ModelFailureKind.Transient, null);
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task GetResponseAsync_Fault_HasItsKind(Fault fault, ModelFailureKind kind, int? retryAfter)
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(fault));
        using var services = Pipeline(simulator);

        var exception = Assert.CatchAsync(() => services.GetRequiredService<IChatClient>().GetResponseAsync(Sample.Question))!;

        Assert.That(exception.GetModelFailure()?.Kind, Is.EqualTo(kind), exception.ToString());
        Assert.That(exception.GetModelFailure()!.RetryAfter?.TotalSeconds, Is.EqualTo(retryAfter));
        Assert.That(exception.GetModelFailure()!.Model, Is.EqualTo("main"));
    }

    [Test]
    public async Task GetResponseAsync_LimitReachedWithoutRetryAfter_SaysWhenTheLimitBeginsAnew()
    {
        var delay = TimeSpan.FromMinutes(50);
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.RateLimited(delay, RetryAfterForm.LimitReset)));
        using var services = Pipeline(simulator);

        var exception = Assert.CatchAsync(() => services.GetRequiredService<IChatClient>().GetResponseAsync(Sample.Question))!;

        Assert.That(exception.GetModelFailure()!.RetryAfter, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(delay));
    }

    private static IEnumerable<TestCaseData> Breaks()
    {
        yield return new(Fault.Reset(afterChunks: 2), ModelFailureKind.Transient);
        yield return new(Fault.EndsEarly(afterChunks: 2), ModelFailureKind.Truncated);
    }

    [TestCaseSource(nameof(Breaks))]
    public async Task GetStreamingResponseAsync_Break_IsReportedAfterTheText(Fault fault, ModelFailureKind kind)
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(fault));
        using var services = Pipeline(simulator);
        var text = "";

        var exception = Assert.CatchAsync(async () =>
        {
            await foreach (var update in services.GetRequiredService<IChatClient>().GetStreamingResponseAsync(Sample.Question))
                text += update.Text;
        })!;

        Assert.That(text, Is.Not.Empty);
        Assert.That(Sample.Answer.StartsWith(text, StringComparison.Ordinal), Is.True, text);
        Assert.That(exception.GetModelFailure()?.Kind, Is.EqualTo(kind), exception.ToString());
    }

    [Test]
    public async Task GetStreamingResponseAsync_ErrorInTheStream_IsTransient()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.ErrorInStream(afterChunks: 2)));
        using var services = Pipeline(simulator);

        var exception = Assert.CatchAsync(() => services.GetRequiredService<IChatClient>().GetStreamingResponseAsync(Sample.Question).ToChatResponseAsync())!;

        Assert.That(exception.GetModelFailure()!.IsTransient, Is.True, exception.ToString());
    }

    [Test]
    public async Task GetResponseAsync_PlainAndStreamed_SayTheSame()
    {
        await using var simulator = await Sample.StartAsync();
        using var services = Pipeline(simulator);
        var client = services.GetRequiredService<IChatClient>();

        var plain = await client.GetResponseAsync(Sample.Question);
        var streamed = await client.GetStreamingResponseAsync(Sample.Question).ToChatResponseAsync();

        Assert.That(plain.Text, Is.EqualTo(Sample.Answer));
        Assert.That(streamed.Text, Is.EqualTo(plain.Text));
        Assert.That(streamed.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(streamed.Usage!.InputTokenCount, Is.EqualTo(plain.Usage!.InputTokenCount));
        Assert.That(streamed.Usage.OutputTokenCount, Is.EqualTo(plain.Usage.OutputTokenCount));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task GetResponseAsync_ToolRound_AnswersWithTheResult(bool streamed)
    {
        await using var simulator = await Sample.StartAsync();
        using var services = Pipeline(simulator);
        var client = services.GetRequiredService<IChatClient>();
        var options = new ChatOptions { Tools = [new Support.NamedFunction("order_status", Sample.ToolSchema, description: "Looks an order up.")] };
        List<ChatMessage> messages = [new(ChatRole.User, Sample.ToolQuestion)];

        var asks = streamed ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);
        var call = asks.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Single();
        messages.AddRange(asks.Messages);
        messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, "on its way")]));
        var answer = await client.GetResponseAsync(messages, options);

        Assert.That(asks.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
        Assert.That(call.Arguments!["order"]!.ToString(), Is.EqualTo("AB-1234"));
        Assert.That(answer.Text, Is.EqualTo("Your order is on its way."));
    }

    [Test]
    public async Task GetResponseAsync_DeafServer_StopsWithTheCaller()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.SlowHeaders(TimeSpan.FromMinutes(5))));
        using var services = Pipeline(simulator);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.That(async () => await services.GetRequiredService<IChatClient>().GetResponseAsync(Sample.Question, cancellationToken: cancel.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private ServiceProvider Pipeline(ProviderSimulator simulator)
    {
        var services = new ServiceCollection();
        var pipeline = services.AddLlmPipeline();
        if (openAI) pipeline.AddOpenAIModel("main", "small", o => (o.ApiKey, o.Endpoint) = (Sample.Key, simulator.OpenAIEndpoint));
        else pipeline.AddAnthropicModel("main", "small", o => (o.ApiKey, o.Endpoint) = (Sample.Key, simulator.BaseUri));
        return services.BuildServiceProvider();
    }
}
