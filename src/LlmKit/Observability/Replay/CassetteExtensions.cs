using System.Runtime.CompilerServices;
using LlmKit.Observability.Replay;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Puts cassettes into clients and pipelines.</summary>
public static class CassetteExtensions
{
    /// <summary>Records a client into a file, or answers from it.</summary>
    /// <param name="client">The client; may be <see langword="null"/> when the cassette replays.</param>
    /// <param name="path">The file.</param>
    /// <param name="mode">What to do; the environment variable <c>LLMKIT_CASSETTE_MODE</c> takes its place.</param>
    /// <param name="configure">Changes the other settings.</param>
    /// <returns>A client; disposing of it saves the cassette and disposes of the client.</returns>
    /// <exception cref="CassetteException">It replays and there is no file, or the file cannot be read, or a setting is outside its range.</exception>
    public static IChatClient WithCassette(this IChatClient? client, string path, CassetteMode mode = CassetteMode.Auto, Action<CassetteOptions>? configure = null)
    {
        var options = new CassetteOptions { Mode = mode };
        configure?.Invoke(options);
        return new CassetteChatClient(Cassette.Open(path, options), client, model: null, ownsCassette: true);
    }

    /// <summary>Answers from a cassette, or records into it.</summary>
    /// <param name="client">The client; may be <see langword="null"/> when the cassette replays.</param>
    /// <param name="cassette">The cassette; disposed of by whoever opened it.</param>
    /// <returns>A client that disposes of the inner one.</returns>
    public static IChatClient WithCassette(this IChatClient? client, Cassette cassette) => new CassetteChatClient(cassette, client);

    /// <summary>Serves the recorded results of a tool where the cassette replays, so that a tool loop does nothing again; elsewhere the tool runs.</summary>
    /// <remarks>
    /// Results are read from the requests that brought them to the model, redacted and normalised as these are. A call with other arguments
    /// than recorded is a <see cref="CassetteMissException"/> that says where they differ; it is also in <see cref="Cassette.Misses"/>,
    /// as tool loops tend to hide what tools throw.
    /// </remarks>
    /// <param name="function">The tool.</param>
    /// <param name="cassette">The cassette; disposed of by whoever opened it.</param>
    /// <returns>A tool with the same name and schema.</returns>
    public static AIFunction WithCassette(this AIFunction function, Cassette cassette)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(cassette);
        return new RecordedFunction(function, cassette);
    }

    /// <summary>Records the models of a pipeline into one file, or answers from it. Belongs innermost, after the router and all other stages.</summary>
    /// <remarks>
    /// It stands outside of the edge: a replayed answer makes no attempt, reports no usage and costs nothing, and what the edge would
    /// refuse is not refused. To test budgets and failures as well, put a <see cref="CassetteChatClient"/> around the client that
    /// <c>AddModel</c> gets. The cassette is opened when the pipeline is built, and saved when it is disposed of; <c>chat.GetService&lt;Cassette&gt;()</c>
    /// gives it, with its misses and its drift.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="path">The file.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseCassette(this LlmPipelineBuilder builder, string path, Action<CassetteOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        // One for all models of a container; the same registrations may make several containers.
        var opened = new ConditionalWeakTable<IServiceProvider, Cassette>();
        return builder.Use((inner, context) => new CassetteChatClient(opened.GetValue(context.Services, _ => Open()), inner, NameOf(context), ownsCassette: true, withUsage: false));

        Cassette Open()
        {
            var options = new CassetteOptions();
            configure?.Invoke(options);
            return Cassette.Open(path, options);
        }
    }

    /// <summary>Records the models of a pipeline into a cassette, or answers from it. See the other overload for its place.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="cassette">The cassette; disposed of by whoever opened it.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseCassette(this LlmPipelineBuilder builder, Cassette cassette)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(cassette);
        return builder.Use((inner, context) => new CassetteChatClient(cassette, inner, NameOf(context), ownsCassette: false, withUsage: false));
    }

    private static string? NameOf(LlmStageContext context) => context.ModelName ?? (context.Models.Count == 1 ? context.Models[0] : null);
}
