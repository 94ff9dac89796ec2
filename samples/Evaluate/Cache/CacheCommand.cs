using LlmKit;
using Microsoft.Extensions.AI;

namespace Evaluate;

/// <summary>Evaluates the semantic cache on labelled pairs: the curve over thresholds, with guards and without, and the threshold that is proved.</summary>
internal static class CacheCommand
{
    public static Command Entry { get; } = new("cache", CacheSettings.Usage, RunAsync);

    private static async Task RunAsync(string[] arguments, Output output, CancellationToken cancellationToken)
    {
        var settings = CacheSettings.Parse(arguments);
        var pairs = PairFile.Read(settings.File);
        using var embedder = PairEmbedder.For(settings);
        var guarded = await CalibrateAsync(pairs, embedder, settings, settings.Guards, cancellationToken);
        if (settings.Json)
        {
            await output.Result.WriteLineAsync(CacheJson.Of(guarded));
            return;
        }

        var bare = settings.Guards == CacheGuards.Off ? guarded : await CalibrateAsync(pairs, embedder, settings, CacheGuards.Off, cancellationToken);
        var recorded = pairs.Count(pair => pair.Similarity is not null);
        await output.Result.WriteLineAsync($"{pairs.Count} pairs, {recorded} with a recorded cosine, {pairs.Count - recorded} embedded by {PairEmbedder.NameOf(settings)}.");
        await CacheTable.WriteAsync(output.Result, guarded, bare);
    }

    private static async Task<CalibrationResult> CalibrateAsync(
        List<LabelledPair> pairs, IEmbeddingGenerator<string, Embedding<float>> embedder, CacheSettings settings, CacheGuards guards, CancellationToken cancellationToken)
    {
        if (pairs.TrueForAll(pair => pair.Similarity is not null))
            return SemanticCacheCalibration.Calibrate(pairs, settings.TargetWrong, guards);
        try
        {
            return await SemanticCacheCalibration.CalibrateAsync(pairs, embedder, settings.TargetWrong, guards, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A server's complaint may quote what it was sent.
            throw new InputException($"The pairs could not be embedded by {PairEmbedder.NameOf(settings)} ({exception.GetType().Name}). Check the model, the endpoint and the key.", exception);
        }
    }
}
