using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Compares what a model answers now with what was recorded.</summary>
internal sealed class AnswerVerifier(Recording asked, Recording? recorded, CassetteOptions options, RequestRules rules, Action<DriftEntry> report) : IAnswerListener
{
    public ValueTask HeardAsync(ChatResponse response, CancellationToken cancellationToken) => CompareAsync(() => AnswerJson.Of(response, rules, keepTimes: false), cancellationToken);

    public ValueTask HeardAsync(HeardStream stream, CancellationToken cancellationToken) =>
        stream.IsLeft ? default : CompareAsync(() => AnswerJson.Of(stream.Updates, times: null, rules, keepTimes: false), cancellationToken);

    public ValueTask HeardAsync(GeneratedEmbeddings<Embedding<float>> embeddings, CancellationToken cancellationToken)
    {
        Guard(() => CompareVectors(embeddings));
        return default;
    }

    public void Failed(Exception exception, HeardStream? stream) => Guard(() =>
    {
        var now = ErrorJson.Of(exception, options.ClassifyFailure, rules);
        var then = recorded?.Answer?["error"] as JsonObject;
        report(recorded is null ? Missing()
            : then is null ? Entry(DriftLevel.Outcome) with { Note = $"failed with {Kind(now)}, was an answer" }
            : Kind(then) == Kind(now) ? Entry(DriftLevel.None)
            : Entry(DriftLevel.Outcome) with { Note = $"failed with {Kind(now)}, was {Kind(then)}" });
    });

    public void Nothing()
    {
    }

    private async ValueTask CompareAsync(Func<JsonObject> live, CancellationToken cancellationToken)
    {
        try
        {
            if (recorded?.Answer is not { } answer)
                report(Missing());
            else if (answer["error"] is JsonObject error)
                report(Entry(DriftLevel.Outcome) with { Note = $"answered, was {Kind(error)}" });
            else
                report(await CompareAsync(View(answer), View(live()), cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            report(Entry(DriftLevel.Unrecorded) with { Note = $"could not be compared: {exception.GetType().Name}" });
        }
    }

    private async ValueTask<DriftEntry> CompareAsync(AnswerView then, AnswerView now, CancellationToken cancellationToken)
    {
        var change = AnswerComparison.UsageChange(then.Tokens, now.Tokens);
        return Entry(AnswerComparison.LevelOf(then, now)) with
        {
            Similarity = then.Text == now.Text ? null : await SimilarityAsync(then.Text, now.Text, cancellationToken).ConfigureAwait(false),
            RecordedModel = then.Model,
            Model = now.Model,
            RecordedFingerprint = then.Fingerprint,
            Fingerprint = now.Fingerprint,
            UsageChange = change,
            IsUsageBeyondTolerance = change is { } share && Math.Abs(share) > options.UsageTolerance,
            Note = then.Finish == now.Finish ? null : $"finish reason {now.Finish?.Value ?? "none"}, was {then.Finish?.Value ?? "none"}",
        };
    }

    private async ValueTask<double?> SimilarityAsync(string then, string now, CancellationToken cancellationToken)
    {
        if (options.Embeddings is not { } embeddings || then.Length == 0 || now.Length == 0)
            return null;
        var vectors = await embeddings.GenerateAsync([then, now], cancellationToken: cancellationToken).ConfigureAwait(false);
        return TensorPrimitives.CosineSimilarity(vectors[0].Vector.Span, vectors[1].Vector.Span);
    }

    private void CompareVectors(GeneratedEmbeddings<Embedding<float>> live)
    {
        if (recorded?.Answer is not { } answer || !answer.ContainsKey("vectors"))
        {
            report(Missing());
            return;
        }

        var then = AnswerReading.Embeddings(answer);
        var isSame = then.Count == live.Count && then.Zip(live).All(pair => pair.First.Vector.Span.SequenceEqual(pair.Second.Vector.Span));
        var isAlike = then.Count == live.Count && then.Zip(live).All(pair => pair.First.Vector.Length == pair.Second.Vector.Length);
        report(Entry(isSame ? DriftLevel.None : isAlike ? DriftLevel.Wording : DriftLevel.Structure) with
        {
            Similarity = isAlike && !isSame ? then.Zip(live).Min(pair => TensorPrimitives.CosineSimilarity(pair.First.Vector.Span, pair.Second.Vector.Span)) : null,
            RecordedModel = then.FirstOrDefault()?.ModelId,
            Model = live.FirstOrDefault()?.ModelId,
        });
    }

    private AnswerView View(JsonObject answer) => new(AnswerReading.Response(answer), rules.Normalize);

    private DriftEntry Missing() => Entry(DriftLevel.Unrecorded) with { Note = "no recording" };

    private DriftEntry Entry(DriftLevel level) => new() { Key = asked.Key, Scope = asked.Scope, Level = level };

    private void Guard(Action compare)
    {
        try
        {
            compare();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            report(Entry(DriftLevel.Unrecorded) with { Note = $"could not be compared: {exception.GetType().Name}" });
        }
    }

    private static string Kind(JsonObject error) => error.Text("failure") ?? error.Text("type") ?? "a failure";
}
