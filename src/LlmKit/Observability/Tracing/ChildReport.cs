using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>One request of a call that serves another, as it is taken down for the trace store: what a judge or a repair was asked, and what it said.</summary>
/// <remarks>It makes no span and no metric: the attempt is one already. Whatever goes wrong in here, the request goes on.</remarks>
internal sealed class ChildReport : IRequestReport
{
    private readonly ICallRecorder _recorder;
    private readonly TracingPolicy _policy;
    private readonly LlmCall _call;
    private readonly CallRecording _recording;
    private readonly IAttemptClock? _clock;
    private readonly long _started;
    private AnswerFacts _answer;
    private List<ChatResponseUpdate>? _updates;
    private HookedCall? _hooked;
    private TimeSpan? _firstContent;
    private TimeSpan? _sent;
    private int _ended;

    public ChildReport(ICallRecorder recorder, TracingPolicy policy, CallRecording recording, IAttemptClock? clock)
    {
        _recorder = recorder;
        _policy = policy;
        _call = recording.Call;
        _recording = recording;
        _clock = clock;
        _started = _call.Time.GetTimestamp();
    }

    /// <summary>The backstop for a stream that nobody disposed of: what came of it is kept all the same.</summary>
    ~ChildReport()
    {
        if (_ended == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static report => report.Leave(), this, preferLocal: false);
    }

    /// <summary>Takes down what is asked. Called once, before anything else.</summary>
    public void Start(IReadOnlyList<ChatMessage> messages, ChatOptions options, Model model, bool isStreaming)
    {
        _recording.Request = _call.CountRequest();
        _recording.StartedAt = _call.Time.GetUtcNow();
        _recording.IsStreaming = isStreaming;
        _recording.Model = model.Name;
        _recording.RequestModel = model.ModelId;
        _recording.Provider = model.Provider;
        _recording.Conversation = options.ConversationId;
        _recording.Span = Activity.Current;
        if (options.AdditionalProperties is { Count: > 0 } properties)
            (_recording.PromptName, _recording.PromptVersion) = (KnownProperty.Text(properties, PromptExtensions.NameKey), KnownProperty.Text(properties, PromptExtensions.VersionKey));
        if (_recording.WantsContent)
            Try(() => WriteRequest(messages, options));
        _recorder.Asked(_recording);
    }

    public void Waiting() => _clock?.Waiting();

    public void Sending(long timestamp)
    {
        _sent = _call.SinceStart(timestamp);
        _clock?.Sending(timestamp);
    }

    public void Observe(ChatResponseUpdate update)
    {
        _firstContent ??= _call.Time.GetElapsedTime(_started);
        Try(() => _answer.Observe(update));
        if (_recording.WantsContent)
            (_updates ??= []).Add(update);
    }

    public void Complete() => End(ChatOutcome.Completed, response: null);

    public void Complete(ChatResponse response)
    {
        Try(() => _answer.Observe(response));
        End(ChatOutcome.Completed, response);
    }

    public void Fail(Exception exception, CancellationToken cancellationToken) => End(
        exception is OperationCanceledException && _call.IsExpired(cancellationToken)
            ? new(CallStatus.Failed, FailureNames.Of(ModelFailureKind.Timeout), exception)
            : ChatOutcome.From(exception, _call, cancellationToken.IsCancellationRequested),
        response: null);

    public void Leave() => End(ChatOutcome.Abandoned, response: null);

    private void End(ChatOutcome outcome, ChatResponse? response)
    {
        // The recording may be another's by the second end.
        if (Interlocked.Exchange(ref _ended, 1) != 0 || !_recorder.TryAnswer(_recording))
            return;
        _recording.Status = outcome.Status;
        _recording.ErrorType = outcome.ErrorType;
        _recording.Duration = _call.Time.GetElapsedTime(_started);
        _recording.FirstContent = _firstContent;
        _recording.Sent = _sent;
        _recording.Conversation ??= _answer.ConversationId;
        _recording.ResponseId = _answer.ResponseId;
        _recording.ResponseModel = _answer.ModelId;
        _recording.FinishReason = _answer.FinishReason;
        _recording.Fingerprint = _answer.SystemFingerprint;
        _recording.IsReplayed = _answer.IsReplayed;
        if (_recording.WantsContent)
            Try(() => WriteAnswer(response ?? _updates?.ToChatResponse(), outcome));
        _recorder.End(_recording);
    }

    private void WriteRequest(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        if (_policy.Hook is not null)
            _hooked = HookedCall.Ask(_policy, _call, messages, options.Instructions);
        if (!DropWithheld())
            _policy.Recorded.Request(_recording, messages, options, _hooked);
    }

    private void WriteAnswer(ChatResponse? answer, in ChatOutcome outcome)
    {
        if (_hooked is not null)
            answer = _hooked.Ask(answer, outcome);
        if (!DropWithheld() && answer is not null)
            _policy.Recorded.Answer(_recording, answer, isClean: _hooked is not null);
    }

    /// <summary>Drops what was written, where a hook failed.</summary>
    private bool DropWithheld()
    {
        if (_hooked is not { IsWithheld: true })
            return false;
        _recording.WantsContent = false;
        _recording.DropContent();
        return true;
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TracingLog.Failed(_call.Setup.Logger, _call.Pipeline, exception.GetType().Name);
        }
    }
}
