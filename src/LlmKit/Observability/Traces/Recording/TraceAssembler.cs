using System.Globalization;
using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Observability.Traces;

/// <summary>Makes a record of what was taken down and of what the call knows of itself, on the writer's time.</summary>
internal static class TraceAssembler
{
    private const int MostSteps = 200;
    private const int MostFact = 1_024;

    public static TraceRecord Assemble(CallRecording recording, bool isIncomplete)
    {
        var call = recording.Call;
        var attempts = AttemptsOf(recording);
        var span = recording.Span;
        // The call began a little earlier than what was recorded of it where stages stand outside of the tracer.
        var ahead = recording.StartedAt - call.StartedAt;
        return new()
        {
            Id = recording.Request > 1 ? string.Create(CultureInfo.InvariantCulture, $"{call.Id}-{recording.Request}") : call.Id,
            ParentId = call.Parent?.Id,
            Purpose = call.Purpose,
            TraceId = span?.TraceId.ToHexString() ?? call.Interaction?.Id ?? call.Root.Id,
            SpanId = recording.IsOwnSpan ? span?.SpanId.ToHexString() : null,
            ParentSpanId = ParentOf(recording),
            Kind = TraceKind.Chat,
            Name = NameOf(call.Purpose ?? "chat", recording.RequestModel),
            Pipeline = call.Pipeline,
            Feature = call.Feature,
            Tenant = call.Tenant,
            User = call.User,
            Interaction = call.Interaction?.Id,
            Conversation = recording.Conversation,
            Tags = call.Tags,
            StartedAt = recording.StartedAt,
            Duration = recording.Duration,
            FirstContent = recording.FirstContent,
            IsStreaming = recording.IsStreaming,
            RequestModel = recording.RequestModel,
            Model = recording.Model ?? call.Model,
            ResponseModel = recording.ResponseModel,
            Provider = attempts.LastOrDefault(attempt => attempt.Failure is null && attempt.Purpose == call.Purpose)?.Provider ?? recording.Provider,
            ResponseId = recording.ResponseId,
            Fingerprint = recording.Fingerprint,
            FinishReason = recording.FinishReason?.Value.ToLowerInvariant(),
            Status = recording.Status,
            ErrorType = recording.ErrorType,
            Marks = call.Marks,
            IsReplayed = recording.IsReplayed,
            IsIncomplete = isIncomplete,
            Usage = attempts.Count > 0 || call.Marks.HasFlag(AnswerMarks.Cached) ? attempts.Aggregate(default(TokenUsage), static (sum, attempt) => sum + attempt.Usage) : recording.Usage,
            Cost = CostOf(recording, attempts),
            PromptName = recording.PromptName,
            PromptVersion = recording.PromptVersion,
            Attempts = [.. attempts.Select(attempt => Copy(attempt, ahead))],
            Steps = [.. call.Steps.Take(MostSteps).Select(step => Copy(step, ahead))],
            Input = Contents(recording, RecordedKind.Input),
            Output = Contents(recording, RecordedKind.Output),
            Instructions = Content(recording, RecordedKind.Instructions),
            Options = Content(recording, RecordedKind.Options),
            Tools = Content(recording, RecordedKind.Tools),
            Prompt = Content(recording, RecordedKind.Prompt),
            PromptVariables = Content(recording, RecordedKind.PromptVariables),
            DroppedMessages = recording.DroppedMessages,
            IsRedacted = recording.IsRedacted,
        };
    }

    private static string? ParentOf(CallRecording recording)
    {
        var id = recording.IsOwnSpan ? recording.Span!.ParentSpanId : recording.Span?.SpanId ?? default;
        return id == default ? null : id.ToHexString();
    }

    private static string NameOf(string what, string? model) => model is null ? what : $"{what} {model}";

    /// <summary>Gives the attempts of the call; of one request its own alone, none where it was refused.</summary>
    private static IReadOnlyList<CallAttempt> AttemptsOf(CallRecording recording)
    {
        var all = recording.Call.Attempts;
        if (recording.Request == 0)
            return all;
        var own = all.Where(attempt => attempt.Started == recording.Sent && attempt.Purpose == recording.Call.Purpose && attempt.Model == recording.Model).ToList();
        // On a clock that stands still, another may have been sent at the same time.
        return own.Count < 2 ? own : [own.Find(attempt => attempt.Failure is null == (recording.Status == CallStatus.Completed)) ?? own[0]];
    }

    /// <summary>What a call without attempts cost is known where none was needed, and unknown where nobody counted them.</summary>
    private static decimal? CostOf(CallRecording recording, IReadOnlyList<CallAttempt> attempts)
    {
        var call = recording.Call;
        if (recording.Request > 0 && attempts.Count == 0)
            return recording.Sent is null && recording.Status != CallStatus.Open ? 0 : null;
        if (attempts.Any(attempt => !attempt.Priced && attempt.Usage.Total > 0))
            return null;
        var askedNobody = recording.IsReplayed || call.Status != CallStatus.Completed || call.Marks.HasFlag(AnswerMarks.Cached) || call.Marks.HasFlag(AnswerMarks.Blocked);
        return attempts.Count > 0 || askedNobody ? attempts.Sum(attempt => attempt.Cost) : null;
    }

    private static TraceAttempt Copy(CallAttempt attempt, TimeSpan ahead) => new()
    {
        Model = attempt.Model,
        Provider = attempt.Provider,
        Purpose = attempt.Purpose,
        Started = attempt.Started - ahead,
        Duration = attempt.Duration,
        FirstContent = attempt.FirstContent,
        Failure = attempt.Failure is { } failure ? FailureNames.Of(failure.Kind) : null,
        Status = attempt.Failure?.Status,
        Usage = attempt.Usage,
        IsEstimated = attempt.Estimated,
        Cost = attempt.Priced ? attempt.Cost : null,
        PriceVersion = attempt.PriceVersion,
    };

    private static TraceStep Copy(CallStep step, TimeSpan ahead)
    {
        var facts = new List<KeyValuePair<string, object?>>();
        try
        {
            step.AddTags(facts);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A step is anybody's code; its facts are lost, the step is not.
        }

        var told = new Dictionary<string, string>(facts.Count, StringComparer.Ordinal);
        foreach (var (name, value) in facts)
        {
            if (value is not null)
                told[name] = Word(value);
        }

        return new(step.Stage, step.Decision, step.Reason) { At = step.At - ahead, IsObserved = step.Observed, Facts = told };
    }

    private static string Word(object value)
    {
        var text = value switch
        {
            string known => known,
            bool truth => truth ? "true" : "false",
            string[] several => string.Join(", ", several),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.Length > MostFact ? text[..MostFact] : text;
    }

    private static IReadOnlyList<TraceMessage> Contents(CallRecording recording, RecordedKind kind) => recording.Pieces.Count == 0 ? []
        : [.. recording.Pieces.Where(piece => piece.Kind == kind).OrderBy(piece => piece.Order).Select(piece => new TraceMessage(recording.BytesOf(piece).ToArray()))];

    private static TraceMessage? Content(CallRecording recording, RecordedKind kind)
    {
        foreach (var piece in recording.Pieces)
        {
            if (piece.Kind == kind)
                return new(recording.BytesOf(piece).ToArray());
        }

        return null;
    }
}
