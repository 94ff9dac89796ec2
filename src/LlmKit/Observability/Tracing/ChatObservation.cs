using System.Diagnostics;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>One observed request, from its start to its one end. Whatever goes wrong in here, the call goes on.</summary>
/// <remarks>A structure, so that a call observed by metrics alone allocates nothing for it: keep it in one place.</remarks>
internal struct ChatObservation
{
    private readonly ChatObserver _observer;
    private readonly TracingPolicy _policy;
    private readonly LlmCall _call;
    private readonly RequestModel _model;
    private readonly long _started;
    private readonly bool _streaming;
    private string? _input;
    private string? _instructions;
    private CallRecording? _recording;

    private ChatObservation(ChatObserver observer, TracingPolicy policy, LlmCall call, ChatOptions options, bool streaming)
    {
        _observer = observer;
        _policy = policy;
        _call = call;
        _streaming = streaming;
        _model = observer.RequestModel(options.ModelId);
        _started = call.Time.GetTimestamp();
    }

    /// <summary>What the answer has told so far.</summary>
    public AnswerFacts Answer;

    /// <summary>Gets the span, which is current in the context that started it; <see langword="null"/> when none is wanted.</summary>
    public Activity? Span { get; private set; }

    /// <summary>Gets whether the updates of a stream are wanted at its end.</summary>
    public readonly bool WantsContent => WantsSpanContent || _recording is { WantsContent: true };

    private readonly bool WantsSpanContent => _policy.Content is not null && Span is { IsAllDataRequested: true };

    private readonly GenAiNames Names => _observer.Names;

    public static ChatObservation Start(
        ChatObserver observer, TracingPolicy policy, LlmCall call, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool streaming)
    {
        var observation = new ChatObservation(observer, policy, call, options, streaming);
        try
        {
            observation.StartSpan(messages, options);
            observation.StartRecording(messages, options);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TracingLog.Failed(call.Setup.Logger, call.Pipeline, exception.GetType().Name);
        }

        return observation;
    }

    public readonly TimeSpan Elapsed() => _call.Time.GetElapsedTime(_started);

    public readonly TagList MetricTags() => _observer.Instruments.Tags(_model, _observer.Endpoint, _observer.ResponseModel(Answer.ModelId));

    /// <summary>Ends the observation. Called exactly once.</summary>
    /// <param name="outcome">How the request ended.</param>
    /// <param name="duration">How long it took without its reader's own time; <see langword="null"/> for all the time since its start.</param>
    /// <param name="firstChunk">When a stream's first update came.</param>
    /// <param name="response">The answer to write, when content is wanted.</param>
    /// <param name="updates">The updates of a stream to write, when <see cref="WantsContent"/>.</param>
    public void End(
        in ChatOutcome outcome, TimeSpan? duration = null, TimeSpan? firstChunk = null, ChatResponse? response = null, List<ChatResponseUpdate>? updates = null)
    {
        var elapsed = Elapsed();
        try
        {
            if (_call.Marks.HasFlag(AnswerMarks.Cached))
                Answer.ForgetUsage();
            // First: whatever a listener throws, the record is whole.
            var answer = response ?? updates?.ToChatResponse();
            if (_recording is { } recording)
                Complete(recording, outcome, elapsed, firstChunk, answer);
            var summary = CallSummary.Of(_call);
            RecordMetrics(summary, outcome, duration ?? elapsed);
            if (Span is { IsAllDataRequested: true })
                CompleteSpan(Span, summary, outcome, elapsed, firstChunk);
            if (WantsSpanContent)
                SetContent(Span!, _policy.Content!, answer);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TracingLog.Failed(_call.Setup.Logger, _call.Pipeline, exception.GetType().Name);
        }
        finally
        {
            Stop(elapsed);
            _call.EndReport();
            if (_recording is not null)
                _observer.Recorder!.End(_recording);
        }
    }

    private void StartRecording(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        if (_observer.Recorder?.Begin(_call) is not { } recording)
            return;
        _recording = recording;
        recording.StartedAt = Span?.StartTimeUtc ?? _call.Time.GetUtcNow();
        recording.IsStreaming = _streaming;
        recording.RequestModel = _model.Name;
        recording.Conversation = options.ConversationId;
        recording.Span = Span ?? Activity.Current;
        recording.IsOwnSpan = Span is not null;
        if (recording.WantsContent)
            _policy.Recorded.Request(recording, messages, options);
    }

    private readonly void Complete(CallRecording recording, in ChatOutcome outcome, TimeSpan elapsed, TimeSpan? firstChunk, ChatResponse? answer)
    {
        recording.Status = outcome.Status;
        recording.ErrorType = outcome.ErrorType;
        recording.Duration = elapsed;
        recording.FirstContent = firstChunk;
        recording.Provider = _observer.Endpoint.Provider;
        recording.ResponseId = Answer.ResponseId;
        recording.ResponseModel = Answer.ModelId;
        recording.FinishReason = Answer.FinishReason;
        recording.Usage = Answer.Usage;
        if (recording.WantsContent && answer is not null)
            _policy.Recorded.Answer(recording, answer);
    }

    private void StartSpan(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        Span = ChatSpan.Start(_model, _call);
        if (Span is not { IsAllDataRequested: true })
            return;
        ChatSpan.SetCall(Span, _call, _policy);
        ChatSpan.SetRequest(Span, Names, options, _streaming);
        if (_policy.Content is not { } content)
            return;
        // Now, because messages can change while the call runs; set at the end, because some backends lose what follows a large tag.
        _input = content.Messages(messages);
        _instructions = content.Instructions(options.Instructions);
    }

    private readonly void RecordMetrics(in CallSummary summary, in ChatOutcome outcome, TimeSpan duration)
    {
        var instruments = _observer.Instruments;
        if (!instruments.Enabled)
            return;
        var tags = instruments.Tags(_model, _observer.Endpoint.For(summary.Provider), _observer.ResponseModel(Answer.ModelId));
        instruments.RecordDuration(duration, outcome.ErrorType, tags);
        instruments.RecordUsage(Answer, tags);
        // A child call's cost is part of its parent's.
        if (summary.Cost is { } cost && _call.Parent is null)
            instruments.RecordCost(cost, _call.Pipeline, _observer.Feature(_call.Feature), tags);
    }

    private readonly void CompleteSpan(
        Activity span, in CallSummary summary, in ChatOutcome outcome, TimeSpan elapsed, TimeSpan? firstChunk)
    {
        if (summary.Provider is { } provider && provider != _observer.Endpoint.Provider)
            span.SetTag(Names.ProviderName, provider);
        ChatSpan.SetAnswer(span, Names, Answer);
        if (firstChunk is { } wait)
            span.AddTag(Names.ResponseTimeToFirstChunk, wait.TotalSeconds);
        if (_streaming && outcome.Status == CallStatus.Completed && Answer.FinishReason is null)
            span.AddTag(LlmKitDiagnostics.FinishReasonMissingTag, true);
        ChatSpan.SetEnd(span, _call, summary);
        ChatSpan.SetOutcome(span, Names, outcome, _policy.Content);
        var callStarted = span.StartTimeUtc - (_call.Duration - elapsed);
        CallSpans.AddSteps(span, _call.Steps, callStarted);
        CallSpans.AddAttempts(span, Names, summary.Attempts, callStarted);
    }

    private readonly void SetContent(Activity span, ContentJson content, ChatResponse? answer)
    {
        if (_instructions is not null)
            span.AddTag(Names.SystemInstructions, _instructions);
        if (_input is not null)
            span.AddTag(Names.InputMessages, _input);
        if (answer is not null && content.Answer(answer) is { } output)
            span.AddTag(Names.OutputMessages, output);
    }

    private readonly void Stop(TimeSpan elapsed)
    {
        if (Span is null)
            return;
        try
        {
            Span.SetEndTime(Span.StartTimeUtc + elapsed);
            ChatSpan.End(Span);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TracingLog.Failed(_call.Setup.Logger, _call.Pipeline, exception.GetType().Name);
        }
    }
}
