using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Tracing;

/// <summary>Reports each call as one OpenTelemetry span and as GenAI client metrics: what was asked of which model, how long it took, what it used and cost, what each stage decided.</summary>
/// <remarks>
/// Thread-safe. Stands outermost, so that one span covers retries, fallbacks and cache hits; attempts are its children, decisions of
/// stages its events. Prompts, answers and messages of exceptions are not recorded unless <see cref="TracingOptions.CaptureContent"/> says
/// so. When nobody listens the inner client's own task or stream is returned: nothing is copied, buffered or allocated. Of tracers inside
/// each other only the outermost reports a call. A stage that fails to trace logs the type of the error and the call goes on.
/// Works inside <c>FunctionInvokingChatClient</c>, which takes the activity source from here.
/// </remarks>
public sealed class TracingChatClient : StageChatClient, ICallReporter
{
    private readonly StageSettings<TracingPolicy> _settings;
    private readonly ChatObserver _observer;

    /// <summary>Creates a tracer that stands alone, outside of a pipeline.</summary>
    /// <param name="innerClient">The client to trace.</param>
    /// <param name="options">What to record; <see langword="null"/> for the defaults.</param>
    /// <param name="logger">Where failures of tracing itself are logged, by type.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">A setting is out of range.</exception>
    public TracingChatClient(
        IChatClient innerClient, TracingOptions? options = null, ILogger<TracingChatClient>? logger = null, TimeProvider? time = null)
        : this(innerClient, Settings(options), CallSetup.Alone("tracing", time, logger))
    {
    }

    internal TracingChatClient(IChatClient innerClient, StageSettings<TracingPolicy> settings, CallSetup alone, ICallRecorder? recorder = null, FeedbackEvents? feedback = null)
        : base(innerClient, alone)
    {
        _settings = settings;
        _observer = new(innerClient, settings.Current, alone.Logger, recorder);
        _observer.Events.Feedback = feedback;
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(ActivitySource)
            ? LlmKitDiagnostics.ActivitySource
            : base.GetService(serviceType, serviceKey);
    }

    internal ChatObserver Observer => _observer;

    IRequestReport? ICallReporter.Begin(LlmCall child, IReadOnlyList<ChatMessage> messages, ChatOptions options, Model model, bool isStreaming, IAttemptClock? clock)
    {
        if (_observer.Recorder is not { } recorder || recorder.Begin(child) is not { } recording)
            return null;
        var report = new ChildReport(recorder, _settings.For(child), recording, clock);
        report.Start(messages, options, model, isStreaming);
        return report;
    }

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        _observer.IsNeeded(call, _settings) && call.TryReport(this)
            ? ObserveAsync(messages, options, call, cancellationToken)
            : InnerClient.AskAsync(messages, options, call, cancellationToken);

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        _observer.IsNeeded(call, _settings)
            ? new TracedStream(this, _settings.For(call), InnerClient, messages, options, call, cancellationToken)
            : InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);

    private async ValueTask<ChatResponse> ObserveAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var observation = new ChatObservation(_observer, _settings.For(call), call, options, streaming: false);
        observation.Start(messages, options);
        ChatResponse response;
        try
        {
            response = await InnerClient.AskAsync(messages, options, call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            observation.End(ChatOutcome.From(exception, call, cancellationToken.IsCancellationRequested));
            throw;
        }

        observation.Answer.Observe(response);
        observation.End(ChatOutcome.Completed, response: response);
        return response;
    }

    private static StageSettings<TracingPolicy> Settings(TracingOptions? options)
    {
        var failures = new List<string>();
        var policy = TracingPolicy.Compile(options ?? new(), failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : new(policy);
    }
}
