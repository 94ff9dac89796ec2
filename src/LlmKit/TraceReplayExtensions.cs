using LlmKit.Observability.Replay;
using LlmKit.Observability.Traces;

namespace LlmKit;

/// <summary>Takes records of calls to where they can be asked again.</summary>
public static class TraceReplayExtensions
{
    /// <summary>Makes a call of a record that can be asked again, with its recorded answer.</summary>
    /// <remarks>Texts are as they were recorded: what was redacted then is asked redacted. Tools are known by name alone and left out; give them in the overrides.</remarks>
    /// <param name="trace">The record.</param>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The record has not got all of its texts; the message says what is missing.</exception>
    public static FrozenCall ToFrozenCall(this TraceRecord trace)
    {
        ThrowIfEmpty(trace);
        return new(TraceContents.Messages(trace, trace.Input), TraceContents.Options(trace), trace.Output.Count == 0 ? null : TraceContents.Answer(trace));
    }

    /// <summary>Makes a cassette of one record, for a test that gives the recorded answer to the recorded request.</summary>
    /// <remarks>
    /// A record tells what the caller asked of the pipeline, so the cassette stands where the caller asks: <c>pipeline.WithCassette(cassette)</c>. What the
    /// pipeline sends to a model has options of its own, such as the most tokens that money affords.
    /// </remarks>
    /// <param name="trace">The record.</param>
    /// <param name="options">How requests are told apart; the defaults when <see langword="null"/>.</param>
    /// <returns>The cassette, in memory; <see cref="Cassette.SaveAsync"/> writes it.</returns>
    /// <exception cref="InvalidOperationException">The record has no answer, or has not got all of its texts; the message says what is missing.</exception>
    public static Cassette ToCassette(this TraceRecord trace, CassetteOptions? options = null) => ToCassette([trace], options);

    /// <summary>Makes a cassette of several records, such as the rounds of an agent, in their order.</summary>
    /// <param name="traces">The records.</param>
    /// <param name="options">How requests are told apart; the defaults when <see langword="null"/>.</param>
    /// <returns>The cassette, in memory.</returns>
    /// <exception cref="InvalidOperationException">A record has no answer, or has not got all of its texts; the message says what is missing.</exception>
    public static Cassette ToCassette(this IEnumerable<TraceRecord> traces, CassetteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(traces);
        var cassette = Cassette.InMemory(CassetteMode.Replay, options);
        try
        {
            foreach (var trace in traces.OrderBy(trace => trace.StartedAt))
            {
                ThrowIfEmpty(trace);
                if (trace.Output.Count == 0)
                    throw new InvalidOperationException($"The record '{trace.Id}' has no answer. Take one that ended well.");
                cassette.Add(TraceContents.Messages(trace, trace.Input), TraceContents.Options(trace), TraceContents.Answer(trace));
            }

            return cassette;
        }
        catch
        {
            cassette.Dispose();
            throw;
        }
    }

    private static void ThrowIfEmpty(TraceRecord trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (trace.Input.Count == 0)
            throw new InvalidOperationException($"The record '{trace.Id}' holds no texts. Keep them with TraceStoreOptions.Content.");
    }
}
