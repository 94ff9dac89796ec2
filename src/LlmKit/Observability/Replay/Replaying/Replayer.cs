using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Makes frozen calls again and tells how much the answers vary: the answer to "the same input, another output".</summary>
/// <remarks>Thread-safe. Calls that fail are counted and do not end the replay. Answers come from the client given: through a pipeline, each is a call with all its limits and costs.</remarks>
public static class Replayer
{
    /// <summary>Makes a call several times.</summary>
    /// <param name="call">The call.</param>
    /// <param name="client">Whom to ask. Without a cache or a cassette in it, else the same answer is counted again.</param>
    /// <param name="options">How often and how; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the replay.</param>
    /// <returns>What varied.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static Task<VariationReport> RunAsync(FrozenCall call, IChatClient client, ReplayerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(client);
        return RunAsync(client.GetService<ChatClientMetadata>()?.DefaultModelId ?? "model", call, client, (options ?? new()).Checked(), cancellationToken);
    }

    /// <summary>Makes a call several times with each of several models, one model after the other.</summary>
    /// <param name="call">The call.</param>
    /// <param name="clients">Whom to ask, by name.</param>
    /// <param name="options">How often and how; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the replay.</param>
    /// <returns>What varied, for each of them, in the order of their names.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static async Task<ModelComparison> CompareAsync(
        FrozenCall call, IReadOnlyDictionary<string, IChatClient> clients, ReplayerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(clients);
        var settings = (options ?? new()).Checked();
        var reports = new List<VariationReport>();
        foreach (var (name, client) in clients.OrderBy(client => client.Key, StringComparer.Ordinal))
            reports.Add(await RunAsync(name, call, client, settings, cancellationToken).ConfigureAwait(false));
        return new(reports);
    }

    /// <summary>Makes the calls of a chain again, each with its recorded messages, up to the first answer that is not the recorded one.</summary>
    /// <remarks>
    /// Nothing that a tool did is done again: the messages of the next call hold the recorded results. That is right only while the model
    /// asks for the same tools with the same arguments, so another call of a tool is a divergence unless <see cref="ReplayerOptions.Tolerated"/> allows it.
    /// </remarks>
    /// <param name="calls">The calls in order, each with its recorded answer.</param>
    /// <param name="client">Whom to ask.</param>
    /// <param name="options">What is tolerated, and how calls are made; <see cref="ReplayerOptions.Times"/> does not count.</param>
    /// <param name="cancellationToken">Cancels the replay.</param>
    /// <returns>How far it went.</returns>
    /// <exception cref="ArgumentException">A call has no recorded answer.</exception>
    public static async Task<ChainReport> ReplayChainAsync(
        IReadOnlyList<FrozenCall> calls, IChatClient client, ReplayerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(client);
        if (calls.Any(call => call.Answer is null))
            throw new ArgumentException("A call of the chain has no recorded answer. Give each FrozenCall its answer.", nameof(calls));
        var settings = (options ?? new()).Checked();
        var runs = new List<ReplayedRun>();
        foreach (var call in calls)
        {
            var (run, now) = await AskAsync(runs.Count + 1, call, client, settings, cancellationToken).ConfigureAwait(false);
            runs.Add(run);
            var level = run.Drift ?? DriftLevel.Outcome;
            if (level > settings.Tolerated)
                return new(calls.Count, runs, level, now is null ? null : FirstDifference.Between(Calls(new(call.Answer!)), Calls(now))?.Path);
        }

        return new(calls.Count, runs, divergence: null, place: null);
    }

    private static async Task<VariationReport> RunAsync(string name, FrozenCall call, IChatClient client, ReplayerOptions options, CancellationToken cancellationToken)
    {
        var runs = new ReplayedRun[options.Times];
        await Parallel.ForAsync(0, options.Times, new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken }, async (i, token) =>
        {
            (runs[i], _) = await AskAsync(i + 1, call, client, options, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return new(name, runs);
    }

    private static async Task<(ReplayedRun Run, AnswerView? Answer)> AskAsync(int number, FrozenCall call, IChatClient client, ReplayerOptions options, CancellationToken cancellationToken)
    {
        var asked = call.Options;
        if (options.Configure is { } configure)
            configure(asked ??= new());
        var started = options.TimeProvider.GetTimestamp();
        try
        {
            var response = await client.GetResponseAsync(call.Messages, asked, cancellationToken).ConfigureAwait(false);
            var latency = options.TimeProvider.GetElapsedTime(started);
            var answer = new AnswerView(response);
            return (new()
            {
                Number = number,
                Text = answer.Text,
                Normalized = answer.Normalized,
                ToolCalls = answer.Calls,
                Value = options.Value.Read(answer.Text),
                Cost = response.FindCall()?.Cost,
                Latency = latency,
                Model = answer.Model,
                Fingerprint = answer.Fingerprint,
                Tokens = answer.Tokens,
                Drift = call.Answer is { } recorded ? AnswerComparison.LevelOf(new(recorded), answer) : null,
            }, answer);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            var failed = new ReplayedRun { Number = number, Failure = ReplayedRun.FailureOf(exception), Cost = exception.GetCall()?.Cost, Latency = options.TimeProvider.GetElapsedTime(started) };
            return (failed with { Drift = call.Answer is null ? null : DriftLevel.Outcome }, null);
        }
    }

    private static JsonArray Calls(AnswerView answer) =>
        [.. answer.ToolCalls.Select(call => new JsonObject { ["name"] = call.Name, ["arguments"] = JsonNode.Parse(call.Arguments) })];
}
