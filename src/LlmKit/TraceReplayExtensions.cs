using LlmKit.Calls;
using LlmKit.Observability.Replay;
using LlmKit.Observability.Traces;

namespace LlmKit;

/// <summary>Takes records of calls to where they can be asked again.</summary>
public static class TraceReplayExtensions
{
    /// <summary>Makes a call of a record that can be asked again, with its recorded answer where it was answered whole.</summary>
    /// <remarks>
    /// Texts are as they were recorded: what was redacted then is asked redacted. Functions can be called for and not run. Of tools that the
    /// provider runs only the names are kept, so they are left out: give them, and additional properties, in <see cref="ReplayerOptions.Configure"/>.
    /// </remarks>
    /// <param name="trace">The record.</param>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The record has not got all of its texts; the message says what is missing.</exception>
    public static FrozenCall ToFrozenCall(this TraceRecord trace)
    {
        ThrowIfEmpty(trace);
        return new(TraceContents.Messages(trace, trace.Input), TraceContents.Options(trace), IsAnswered(trace) ? TraceContents.Answer(trace) : null);
    }

    /// <summary>Makes a cassette of one record, for a test that gives the recorded answer to the recorded request.</summary>
    /// <remarks>
    /// A record tells what the caller asked of the pipeline, so the cassette stands where the caller asks: <c>pipeline.WithCassette(cassette)</c>. What the
    /// pipeline sends to a model has options of its own, such as the most tokens that money affords. A record whose request could not be found
    /// again is refused: one that was redacted when the cassette redacts nothing, one with tools that the provider runs, one that was cut.
    /// </remarks>
    /// <param name="trace">The record.</param>
    /// <param name="options">How requests are told apart; the defaults when <see langword="null"/>.</param>
    /// <returns>The cassette, in memory; <see cref="Cassette.SaveAsync"/> writes it.</returns>
    /// <exception cref="InvalidOperationException">The record has no whole answer, or not the whole request; the message says what is missing.</exception>
    /// <exception cref="CassetteException">A setting is outside its range, or a text cannot be redacted.</exception>
    public static Cassette ToCassette(this TraceRecord trace, CassetteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return ToCassette([trace], options);
    }

    /// <summary>Makes a cassette of several records, such as the rounds of an agent, in the order in which they began.</summary>
    /// <remarks>
    /// Records of tools, agents, searches and embeddings are left out: they hold no request to a chat model, or not its answer. So is what a call among the
    /// records asked for itself, such as a judge's: the recorded answer comes without it. See the other overload for what is refused.
    /// </remarks>
    /// <param name="traces">The records, such as all of one trace.</param>
    /// <param name="options">How requests are told apart; the defaults when <see langword="null"/>.</param>
    /// <returns>The cassette, in memory.</returns>
    /// <exception cref="InvalidOperationException">There is no call to a chat model among the records, or one has no whole answer, or not the whole request; the message says what is missing.</exception>
    /// <exception cref="CassetteException">A setting is outside its range, or a text cannot be redacted.</exception>
    public static Cassette ToCassette(this IEnumerable<TraceRecord> traces, CassetteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(traces);
        if (options?.KeyProperties.Count > 0)
            throw new InvalidOperationException("Records keep no additional properties, so a request that is told apart by CassetteOptions.KeyProperties would find no answer. Leave them empty.");
        var all = traces.ToList();
        var ids = all.Select(trace => trace.Id).ToHashSet(StringComparer.Ordinal);
        // What the caller asks is answered as a whole: nobody asks for what the call asked for itself.
        var calls = all.Where(trace => trace.Kind == TraceKind.Chat && (trace.ParentId is null || !ids.Contains(trace.ParentId))).OrderBy(trace => trace.StartedAt).ToList();
        if (calls.Count == 0)
            throw new InvalidOperationException("There is no call to a chat model among the records. Take records of the kind TraceKind.Chat.");
        var cassette = Cassette.InMemory(CassetteMode.Replay, options);
        try
        {
            foreach (var call in calls)
                Add(cassette, call, options);
            return cassette;
        }
        catch
        {
            cassette.Dispose();
            throw;
        }
    }

    private static void Add(Cassette cassette, TraceRecord trace, CassetteOptions? options)
    {
        ThrowIfEmpty(trace);
        if (trace.Status != CallStatus.Completed)
            throw new InvalidOperationException($"The record '{trace.Id}' has no whole answer: its call is '{trace.Status}'. Take one that is '{CallStatus.Completed}'.");
        if (trace.Output.Count == 0)
            throw new InvalidOperationException($"The record '{trace.Id}' has no answer. Take one that ended well.");
        if (trace.IsRedacted && options?.Redact is null)
            throw new InvalidOperationException($"The record '{trace.Id}' was redacted, so the request as it was made would find no answer. Give ToCassette the function of TracingOptions.Redact as CassetteOptions.Redact.");
        if (TraceContents.HostedTools(trace) is [var hosted, ..])
            throw new InvalidOperationException($"The record '{trace.Id}' does not hold the settings of the tool '{hosted}', which the provider runs, so the request as it was made would find no answer. Record the call with UseCassette.");
        cassette.Add(TraceContents.Messages(trace, trace.Input), TraceContents.Options(trace), TraceContents.Answer(trace));
    }

    private static bool IsAnswered(TraceRecord trace) => trace is { Status: CallStatus.Completed, Output.Count: > 0 };

    private static void ThrowIfEmpty(TraceRecord trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (trace.Input.Count == 0)
            throw new InvalidOperationException($"The record '{trace.Id}' holds no texts. Keep them with TraceStoreOptions.Content.");
    }
}
