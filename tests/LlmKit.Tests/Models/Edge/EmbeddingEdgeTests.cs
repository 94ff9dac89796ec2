using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

public sealed class EmbeddingEdgeTests
{
    private readonly FixedEmbeddings _generator = new();
    private readonly RecordingLedger _ledger = new();
    private Func<Exception, ModelFailure?>? _classify;

    [Test]
    public async Task Generate_ForACall_IsReservedSettledAndOnTheCall()
    {
        using var host = Host();

        var (_, call) = await host.Chat.AskAsync(streamed: false);

        var attempt = call.Attempts.Single(attempt => attempt.Purpose == "embedding");
        Assert.That((attempt.Model, attempt.Usage.Input, attempt.Cost), Is.EqualTo(("vectors", 7L, 7m)));
        Assert.That(_ledger.Holds.Select(hold => hold.Ends), Is.All.EqualTo(1));
        Assert.That(_ledger.Spent, Is.EqualTo(call.Cost));
    }

    [Test]
    public async Task Generate_NoReportedUsage_IsEstimated()
    {
        _generator.Usage = null;
        using var host = Host();

        var (_, call) = await host.Chat.AskAsync(streamed: false);

        var attempt = call.Attempts.Single(attempt => attempt.Purpose == "embedding");
        Assert.That(attempt.Estimated, Is.True);
        Assert.That(attempt.Cost, Is.GreaterThan(0));
    }

    [Test]
    public async Task Generate_NothingReturned_IsTheModelsFailure()
    {
        _generator.ReturnsNull = true;
        using var host = Host();

        var exception = await host.Chat.FailAsync(streamed: false);

        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Transient));
        Assert.That(_ledger.Holds.Single().Settled, Is.GreaterThan(0));
    }

    [Test]
    public async Task Generate_ClassifierThrows_CountsAsNotRecognised()
    {
        _generator.Failure = Support.Failures.Http(429);
        _classify = _ => throw new InvalidOperationException("secret");
        using var host = Host();

        var exception = await host.Chat.FailAsync(streamed: false);

        Assert.That(exception, Is.SameAs(_generator.Failure));
        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.RateLimited));
        Assert.That(exception.GetCall()!.PendingAttempts, Is.Zero);
        Assert.That(_ledger.Holds.Single().IsReleased, Is.True);
        Assert.That(host.Logs.Messages, Has.One.Contains(nameof(InvalidOperationException)).And.None.Contains("secret"));
    }

    [Test]
    public async Task Generate_CallBoundToARegion_IsRefusedElsewhere()
    {
        using var host = Host(builder => builder.UseAtOpening(call => call.AddFact(ModelGates.RegionsFact, new[] { "eu" })));

        var exception = await host.Chat.FailAsync(streamed: false);

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Property("Model").EqualTo("vectors"));
        Assert.That(_generator.Requests, Is.Zero);
    }

    [Test]
    public async Task Generate_WithoutItsCallUnderABudget_IsRefused()
    {
        IEmbeddingGenerator<string, Embedding<float>>? door = null;
        using var host = Host(builder => builder.Use((inner, context) =>
        {
            door = context.GetEmbeddings("vectors");
            return inner;
        }));
        _ = host.Chat;

        await Assert.ThatAsync(() => door!.GenerateAsync(["text"]), Throws.InstanceOf<AttemptRefusedException>());
    }

    [Test]
    public async Task Generate_ApplicationsOwnGenerator_IsMeteredToo()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder =>
        {
            builder.Services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(_generator);
            builder.Use((inner, context) => new EmbeddingChatClient(inner, context.GetEmbeddings()!));
        });

        var (_, call) = await host.Chat.AskAsync(streamed: false);

        Assert.That(call.Attempts.Select(attempt => attempt.Purpose), Does.Contain("embedding"));
        Assert.That(_generator.SawCall, Is.False);
    }

    [Test]
    public void GetEmbeddings_NoneAnywhere_IsNull()
    {
        IEmbeddingGenerator<string, Embedding<float>>? door = _generator;
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.Use((inner, context) =>
        {
            door = context.GetEmbeddings();
            return inner;
        }));

        _ = host.Chat;

        Assert.That(door, Is.Null);
    }

    private PipelineHost Host(Action<LlmPipelineBuilder>? more = null) => PipelineHost.For(ScriptedAnswer.Text("Paris"), builder =>
    {
        builder.AddEmbeddings("vectors", _generator, options => (options.Price, options.ClassifyFailure) = (new(1_000_000, 0), _classify)).UseLedger(_ledger);
        more?.Invoke(builder);
        builder.Use((inner, context) => new EmbeddingChatClient(inner, context.GetEmbeddings()!));
    });

    /// <summary>Embeds something for each call before it passes the request on.</summary>
    private sealed class EmbeddingChatClient(IChatClient inner, IEmbeddingGenerator<string, Embedding<float>> generator) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Assert.That(LlmCall.TryGet(options, out var call), Is.True);
            await generator.GenerateAsync(["some text to embed"], new CallEmbeddingOptions(call!), cancellationToken);
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
    }

    /// <summary>Gives the same vector for everything.</summary>
    private sealed class FixedEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
    {
        public UsageDetails? Usage { get; set; } = new() { InputTokenCount = 7 };

        public bool ReturnsNull { get; set; }

        public Exception? Failure { get; set; }

        public int Requests { get; private set; }

        public bool SawCall { get; private set; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Requests++;
            SawCall |= options is CallEmbeddingOptions;
            if (Failure is not null)
                throw Failure;
            return Task.FromResult(ReturnsNull ? null! : new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new float[] { 1, 0 }))) { Usage = Usage });
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
