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
    private readonly bool _tellsCostAlone;
    private Activity? _facts;
    private string? _input;
    private string? _instructions;
    private string? _tools;
    private CallRecording? _recording;
    private HookedCall? _hooked;

    public ChatObservation(ChatObserver observer, TracingPolicy policy, LlmCall call, ChatOptions options, bool streaming)
    {
        _observer = observer;
        _policy = policy;
        _call = call;
        _streaming = streaming;
        _model = observer.RequestModel(options.ModelId);
        _tellsCostAlone = ForeignTracer.IsAround(observer.Names);
        _started = call.Time.GetTimestamp();
    }

    /// <summary>What the answer has told so far.</summary>
    public AnswerFacts Answer;

    /// <summary>Gets the span, which is current in the context that started it; <see langword="null"/> when none is wanted.</summary>
    public Activity? Span { get; private set; }

    /// <summary>Gets the metrics to record to: where somebody else reports the call, cost alone.</summary>
    public readonly ChatInstruments Instruments => _tellsCostAlone ? ChatInstruments.OnlyCost : _observer.Instruments;

    /// <summary>Gets whether the updates of a stream are wanted at its end.</summary>
    public readonly bool WantsContent => _hooked is null ? WritesContent || _recording is { WantsContent: true } : !_hooked.IsWithheld;

    /// <summary>Gets whether the span or an event holds texts.</summary>
    private readonly bool TellsContent => !IsWithheld && WritesContent;

    private readonly bool WritesContent => WantsSpanContent || (_policy.EventContent is not null && _observer.WantsDetails(_policy));

    private readonly bool WantsSpanContent => _policy.Content is not null && Span is { IsAllDataRequested: true };

    /// <summary>Gets whether a hook failed, so that no text may be recorded.</summary>
    private readonly bool IsWithheld => _hooked is { IsWithheld: true };

    /// <summary>Gets what writes messages: those that a hook left are redacted already.</summary>
    private readonly ContentJson? Writer => _hooked is null ? _policy.Content ?? _policy.EventContent : _policy.HookedContent;

    private readonly GenAiNames Names => _observer.Names;

    /// <summary>Gets the conversation as the application names it, where no provider does; never an id that was made up.</summary>
    private readonly string? Session => _call.Interaction is { IsNamed: true } named ? named.Id : null;

    /// <summary>Starts it. Called once, where it is to stay.</summary>
    public void Start(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        try
        {
            try
            {
                StartSpan(options);
            }
            finally
            {
                // Whatever a listener does: nothing is written that the hook has not seen.
                if (_policy.Hook is not null)
                    _hooked = HookedCall.Ask(_policy, _call, messages, options.Instructions);
            }

            if (_facts is not null)
                WriteRequest(_facts, messages, options);
            StartRecording(messages, options);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TracingLog.Failed(_call.Setup.Logger, _call.Pipeline, exception.GetType().Name);
        }
    }

    public readonly TimeSpan Elapsed() => _call.Time.GetElapsedTime(_started);

    /// <summary>Gives what metrics say of the call while its answer comes.</summary>
    public readonly MetricTags MetricTags() => MetricTags(_call.AnsweringProvider ?? CallSummary.Of(_call, Answer.IsReplayed).Provider);

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
            Answer.Observe(outcome.Error);
            if (_call.Marks.HasFlag(AnswerMarks.Cached) || Answer.IsReplayed)
                Answer.ForgetUsage();
            // First: whatever a listener throws, the record is whole.
            var answer = response ?? updates?.ToChatResponse();
            if (_hooked is not null)
                answer = AskHook(_hooked, answer, outcome);
            if (_recording is { } recording)
                Complete(recording, outcome, elapsed, firstChunk, answer);
            TraceScope.Nearest(Span?.Parent)?.AddInference(Answer.InputTokens, Answer.OutputTokens);
            var summary = CallSummary.Of(_call, Answer.IsReplayed);
            RecordMetrics(summary, outcome, duration ?? elapsed);
            if (_facts is not null)
                CompleteSpan(_facts, summary, outcome, firstChunk);
            var output = TellsContent && answer is not null ? Writer!.Answer(answer) : null;
            // Before the texts are on the span, whose facts an event takes over.
            if (_observer.TellsSpans)
                Tell(outcome, output);
            if (WantsSpanContent)
                SetContent(Span!, output);
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
        _facts?.AddTag(LlmKitDiagnostics.TraceRefTag, _call.Id);
        recording.StartedAt = Span?.StartTimeUtc ?? _call.Time.GetUtcNow();
        recording.IsStreaming = _streaming;
        recording.RequestModel = _model.Name;
        recording.Conversation = options.ConversationId;
        recording.Span = Span ?? Activity.Current;
        recording.IsOwnSpan = Span is not null;
        if (options.AdditionalProperties is { Count: > 0 } properties)
            (recording.PromptName, recording.PromptVersion) = (KnownProperty.Text(properties, PromptExtensions.NameKey), KnownProperty.Text(properties, PromptExtensions.VersionKey));
        if (IsWithheld)
            recording.WantsContent = false;
        if (!recording.WantsContent)
            return;
        _policy.Recorded.Request(recording, messages, options, _hooked);
        _observer.Recorder.Asked(recording);
    }

    /// <summary>Gives what a hook leaves of an answer. Where it throws, what was written of the request goes too.</summary>
    private ChatResponse? AskHook(HookedCall hooked, ChatResponse? answer, in ChatOutcome outcome)
    {
        var left = hooked.Ask(answer, outcome);
        if (!hooked.IsWithheld)
            return left;
        _input = _instructions = _tools = null;
        PromptTags.Remove(Span, _policy);
        if (_recording is not { } recording)
            return null;
        recording.WantsContent = false;
        recording.DropContent();
        return null;
    }

    private readonly void Complete(CallRecording recording, in ChatOutcome outcome, TimeSpan elapsed, TimeSpan? firstChunk, ChatResponse? answer)
    {
        recording.Status = outcome.Status;
        recording.ErrorType = outcome.ErrorType;
        recording.Duration = elapsed;
        recording.FirstContent = firstChunk;
        recording.Provider = _observer.Endpoint.Provider;
        recording.Conversation ??= Answer.ConversationId ?? Session;
        recording.ResponseId = Answer.ResponseId;
        recording.ResponseModel = Answer.ModelId;
        recording.FinishReason = Answer.FinishReason;
        recording.Usage = Answer.Usage;
        recording.Fingerprint = Answer.SystemFingerprint;
        recording.IsReplayed = Answer.IsReplayed;
        if (recording.WantsContent && answer is not null)
            _policy.Recorded.Answer(recording, answer, isClean: _hooked is not null);
    }

    private void StartSpan(ChatOptions options)
    {
        if (!_observer.TellsSpans)
            return;
        Span = ChatSpan.Start(_model, _call, _policy.SpanKind);
        _facts = Span is { IsAllDataRequested: true } ? Span : _observer.WantsDetails(_policy) ? ChatSpan.Unstarted(_model) : null;
        if (_facts is null)
            return;
        ChatSpan.SetCall(_facts, _call, _policy);
        ChatSpan.SetRequest(_facts, Names, options, _streaming);
    }

    private void WriteRequest(Activity facts, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        if (!TellsContent || (_policy.Content ?? _policy.EventContent) is not { } content)
        {
            if (ContentJson.ToolNames(options.Tools) is { } names)
                facts.AddTag(Names.ToolDefinitions, names);
            return;
        }

        PromptTags.Set(Span, _policy, options);
        // Now, because messages can change while the call runs; set at the end, because some backends lose what follows a large tag.
        _input = Writer!.Messages(_hooked?.Messages ?? messages);
        _instructions = Writer.Instructions(_hooked is null ? options.Instructions : _hooked.Instructions);
        _tools = content.Tools(options.Tools);
        if ((_policy.Content is null || (_policy.EventContent is null && _observer.WantsDetails(_policy))) && ContentJson.ToolNames(options.Tools) is { } known)
            facts.AddTag(Names.ToolDefinitions, known);
    }

    private readonly void RecordMetrics(in CallSummary summary, in ChatOutcome outcome, TimeSpan duration)
    {
        var instruments = Instruments;
        if (!instruments.Enabled)
            return;
        var tags = MetricTags(summary.Provider);
        instruments.RecordDuration(duration, outcome.ErrorType, tags);
        instruments.RecordUsage(Answer, outcome.IsFailure, tags);
        // A child call's cost is part of its parent's.
        if (_call.Parent is not null)
            return;
        if (summary.Cost is { } cost)
        {
            instruments.RecordCost(cost, _call.Pipeline, _observer.Feature(_call.Feature), tags);
            if (_policy.CostAliases.HasFlag(CostAliases.OtelDraft))
                DraftCostMetric.Record(cost, tags);
        }
        else if (summary.IsUnpriced || (summary.Attempts.Count == 0 && Answer.InputTokens is not null))
        {
            instruments.CountUnpriced(_call.Pipeline, tags);
        }
    }

    private readonly MetricTags MetricTags(string? provider) => _model.MetricTags(provider, _observer.ResponseModel(Answer.ModelId));

    private readonly void CompleteSpan(
        Activity span, in CallSummary summary, in ChatOutcome outcome, TimeSpan? firstChunk)
    {
        if (summary.Provider is { } provider && provider != _observer.Endpoint.Provider)
            ChatSpan.SetProvider(span, Names, provider);
        ChatSpan.SetAnswer(span, Names, Answer, isDue: outcome.IsFailure || outcome.Status == CallStatus.Completed);
        if (firstChunk is { } wait)
            span.AddTag(Names.ResponseTimeToFirstChunk, wait.TotalSeconds);
        if (_streaming && outcome.Status == CallStatus.Completed && Answer.FinishReason is null)
            span.AddTag(LlmKitDiagnostics.FinishReasonMissingTag, true);
        if (Session is { } session && span.GetTagItem(Names.ConversationId) is null)
            span.AddTag(Names.ConversationId, session);
        ChatSpan.SetEnd(span, _call, summary);
        _hooked?.SetReferences(span, Names);
        if (summary.Cost is { } cost)
            CostTags.Set(span, summary.Attempts, cost, _policy.CostAliases);
        ChatSpan.SetOutcome(span, Names, outcome, IsWithheld ? null : _policy.Content);
        if (!ReferenceEquals(span, Span))
            return;
        // Not by how long it took: the clock has gone on since, and what was decided first would seem to come before the span.
        var callStarted = span.StartTimeUtc - _call.SinceStart(_started);
        CallSpans.AddSteps(span, _call.StepsSoFar, callStarted);
        CallSpans.AddAttempts(span, Names, summary, callStarted);
    }

    private readonly void SetContent(Activity span, string? output)
    {
        if (_instructions is not null)
            span.AddTag(Names.SystemInstructions, _instructions);
        if (_tools is not null)
        {
            // Their names alone may be there already, for an event that holds no more: the whole goes last.
            span.SetTag(Names.ToolDefinitions, null);
            span.AddTag(Names.ToolDefinitions, _tools);
        }

        if (_input is not null)
            span.AddTag(Names.InputMessages, _input);
        if (output is not null)
            span.AddTag(Names.OutputMessages, output);
    }

    /// <summary>Tells the call as events, while its span is there for them to belong to.</summary>
    private readonly void Tell(in ChatOutcome outcome, string? output)
    {
        VerdictEvents.Tell(_observer, _policy, _call, this);
        if (outcome is { IsFailure: true, Error: { } error } && _policy.EmitExceptions)
            _observer.Events.Failed(error, outcome.ErrorType!, IsWithheld ? null : _policy.EventContent, Span);
        if (_facts is null || !_observer.WantsDetails(_policy))
            return;
        _observer.Events.Details(_facts, Span, _policy.EventContent is null ? default : new(_instructions, _tools, _input, output));
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
