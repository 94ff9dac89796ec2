using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Tests.Execution.Resilience;

/// <summary>How the stage under test is put together.</summary>
public enum Setting
{
    Alone,
    Composed,
}

/// <summary>The stage around a scripted model on a manual clock, alone or in a pipeline, asked plainly or streamed.</summary>
internal sealed class ResilienceBench : IDisposable
{
    private readonly ServiceProvider? _services;

    public ResilienceBench(
        Setting setting, ScriptedChatClient model, ManualTimeProvider clock, Action<ResilienceOptions>? configure = null, Action<LlmPipelineBuilder>? pipeline = null)
    {
        Model = model;
        Clock = clock;
        if (setting == Setting.Alone)
        {
            var options = NoJitter();
            configure?.Invoke(options);
            Client = new ResilienceChatClient(model, options, "m", logger: null, clock);
            return;
        }

        var builder = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddLlmPipeline().AddModel("m", model);
        builder.UseResilience(options =>
        {
            // As one of several models: what is different for the only one has tests of its own.
            (options.Randomizer, options.LastResort) = (static () => 0, false);
            configure?.Invoke(options);
        });
        pipeline?.Invoke(builder);
        _services = builder.Services.BuildServiceProvider();
        Client = _services.GetRequiredService<IChatClient>();
    }

    public ScriptedChatClient Model { get; }

    public ManualTimeProvider Clock { get; }

    public IChatClient Client { get; }

    public ResilienceChatClient Stage => Client.GetService<ResilienceChatClient>()!;

    /// <summary>Gets the call of the last finished request.</summary>
    public LlmCall? Call { get; private set; }

    public IEnumerable<ResilienceStep> Steps => Call!.Steps.OfType<ResilienceStep>();

    public static ResilienceBench With(Setting setting, Action<ResilienceOptions>? configure, params ScriptedAnswer[] answers)
    {
        var clock = new ManualTimeProvider();
        return new(setting, new((number, _) => answers[Math.Min(number, answers.Length - 1)], clock), clock, configure);
    }

    public static Exception Failure(ModelFailureKind kind, TimeSpan? retryAfter = null)
    {
        var exception = new InvalidOperationException(kind.ToString());
        ModelFailures.Record(exception, new ModelFailure { Kind = kind, RetryAfter = retryAfter });
        return exception;
    }

    public static ScriptedAnswer Fails(ModelFailureKind kind = ModelFailureKind.Overloaded, TimeSpan? retryAfter = null) =>
        ScriptedAnswer.Throws(Failure(kind, retryAfter));

    /// <summary>Asks and moves the clock until the answer is there.</summary>
    public Task<string> AskAsync(bool streamed = false, LlmCallOptions? options = null, TimeSpan? step = null, CancellationToken token = default) =>
        Clock.FinishAsync(StartAsync(streamed, options, token), step);

    /// <summary>Asks and moves the clock until the request has failed.</summary>
    public async Task<Exception> FailAsync(bool streamed = false, LlmCallOptions? options = null, TimeSpan? step = null, CancellationToken token = default)
    {
        try
        {
            var text = await AskAsync(streamed, options, step, token);
            throw new InvalidOperationException($"The request did not fail but gave '{text}'.");
        }
        catch (Exception exception) when (exception.GetCall() is not null)
        {
            return exception;
        }
    }

    /// <summary>Asks and leaves the clock alone.</summary>
    public async Task<string> StartAsync(bool streamed = false, LlmCallOptions? options = null, CancellationToken token = default)
    {
        var asked = options ?? new LlmCallOptions();
        asked.OnCompleted = call => Call = call;
        if (!streamed)
            return (await Client.GetResponseAsync("q", asked, token).ConfigureAwait(false)).Text;
        var text = "";
        await foreach (var update in Client.GetStreamingResponseAsync("q", asked, token).ConfigureAwait(false))
            text += update.Text;
        return text;
    }

    /// <summary>Gives the timers that are left once every limit is over: one that a good attempt leaves behind fires for nobody and is not set again.</summary>
    public int TimersLeft()
    {
        Clock.Advance(TimeSpan.FromMinutes(5));
        return Clock.ActiveTimers;
    }

    public void Dispose()
    {
        _services?.Dispose();
        Client.Dispose();
    }

    private static ResilienceOptions NoJitter() => new() { Randomizer = static () => 0 };
}
