using LlmKit.Internal.Keys;
using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Learning.Features;

namespace LlmKit.Orchestration.Routing.Learning;

/// <summary>Predicts how much better a strong model would answer than a weak one: from the prompt, or from the weak model's draft as well.</summary>
/// <remarks>
/// Two logistic regressions on hashed words, pairs of words and surface numbers: the probability that the strong model's answer is good, less the
/// weak one's. It is fitted in this process, 7,000 prompts in about a tenth of a second, and holds no text of the examples. It learns what their scorer rewards, its
/// mistakes too: look at a sample of the scores first. Worth a few points over random at equal spend where answers are short and can be scored;
/// no evidence for open-ended chat. Immutable and thread-safe.
/// </remarks>
public sealed class GainModel
{
    /// <summary>How many requests with both answers scored it takes before anything beats the prompt's length. Where one answer is scored it takes twice as many of each model.</summary>
    /// <remarks>
    /// Measured by the mean gap recovered (APGR) above that of length, over 20 draws. Sums with 200 of both: +0.05; with 200 of each one-sided: +0.05. Examination
    /// questions of 57 subjects with 200 of both: no less than length; with 200 of each one-sided +0.01, 13 of 20 draws above; with 400 of each one-sided
    /// +0.03, 18 of 20 above; with 600 +0.04.
    /// </remarks>
    public const int LeastExamples = 200;

    private const double Trust = 0.3;
    private const double MostWeight = 20;

    private readonly FeatureReader? _reader;
    private readonly float[] _weak;
    private readonly float[] _strong;

    internal GainModel(FeatureReader? reader, float[] weak, float[] strong, int examples, int counted)
    {
        (_reader, _weak, _strong, Examples, CountedExamples) = (reader, weak, strong, examples, counted);
        Version = VersionOf(this);
    }

    /// <summary>Gets what the predictions rest on. Where <see cref="CountedExamples"/> is below <see cref="LeastExamples"/> it is the prompt's length, long prompts for the strong model.</summary>
    public GainBasis Basis => _reader is null ? GainBasis.Length : GainBasis.Learned;

    /// <summary>Gets whether the weak model's draft is read too, as a cascade does.</summary>
    public bool ReadsDrafts => _reader is { ReadsDrafts: true };

    /// <summary>Gets how many examples it was fitted on.</summary>
    public int Examples { get; }

    /// <summary>Gets how many of them count, of the model of which fewer were scored: one with both answers scored counts once, one with this answer alone a half.</summary>
    public int CountedExamples { get; }

    /// <summary>Gets the version: a hash of everything that the predictions depend on.</summary>
    public string Version { get; }

    internal FeatureReader? Reader => _reader;

    internal ReadOnlySpan<float> Weak => _weak;

    internal ReadOnlySpan<float> Strong => _strong;

    /// <summary>Fits a model that decides before anything is asked.</summary>
    /// <param name="examples">Requests with what is known of their answers; those without any score are left out.</param>
    /// <returns>The model; its <see cref="Basis"/> says whether the examples were enough.</returns>
    public static GainModel FitPrompts(IEnumerable<RoutingExample> examples) => Fit(examples, withDrafts: false);

    /// <summary>Fits a verifier, which decides when the weak model's draft is there.</summary>
    /// <param name="examples">Requests with drafts and what is known of their answers; those without a draft or any score are left out.</param>
    /// <returns>The model; its <see cref="Basis"/> says whether the examples were enough.</returns>
    public static GainModel FitDrafts(IEnumerable<RoutingExample> examples) => Fit(examples, withDrafts: true);

    /// <summary>Fits a model that decides before anything is asked, from a router's own traces.</summary>
    /// <param name="traces">
    /// Traces with prompts whose answers were scored. Of one that knows one model's outcome alone the propensity is the weight, so it needs one, and below 1
    /// where both models could be chosen: what is always decided alike says nothing of the other model. Others are left out, and so are those whose prompt
    /// was cut, and those of calls that served another, such as samples.
    /// </param>
    /// <param name="weak">The registered name of the weak model.</param>
    /// <param name="strong">The registered name of the strong model.</param>
    /// <param name="source">The source whose scores count; by default the only one there is.</param>
    /// <returns>The model; its <see cref="Basis"/> says whether the traces were enough.</returns>
    /// <exception cref="ArgumentException">The outcomes are of several sources and none was chosen, or a name is blank.</exception>
    public static GainModel FitTraces(IEnumerable<RoutingTrace> traces, string weak, string strong, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(traces);
        ArgumentException.ThrowIfNullOrWhiteSpace(weak);
        ArgumentException.ThrowIfNullOrWhiteSpace(strong);
        return FitPrompts(TraceExample.AllOf(traces, weak, strong, source));
    }

    /// <summary>Predicts the gain.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="callSite">The call site (feature), if it is known.</param>
    /// <param name="draft">The weak model's answer, for a model that reads drafts.</param>
    /// <returns>From -1, the weak model is surely better, to 1; by length, a number from 0 to 1 that only orders prompts.</returns>
    public double Predict(ReadOnlySpan<char> prompt, string? callSite = null, ReadOnlySpan<char> draft = default)
    {
        if (_reader is null)
            return GainByLength(prompt.Length);
        var features = _reader.Read(prompt, callSite, draft);
        return LogisticRegression.Probability(features.Dot(_strong)) - LogisticRegression.Probability(features.Dot(_weak));
    }

    /// <summary>Says what it is, for logs.</summary>
    /// <returns>Version, basis and number of examples.</returns>
    public override string ToString() => $"{Version}, {Basis}, {Examples} examples";

    private static GainModel Fit(IEnumerable<RoutingExample> examples, bool withDrafts)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var known = examples.Select(Checked).Where(example => (example.Weak ?? example.Strong) is not null && (!withDrafts || example.Draft is not null)).ToList();
        var counted = Math.Min(Counted(known, example => example.Weak), Counted(known, example => example.Strong));
        if (counted < LeastExamples)
            return new(null, [], [], known.Count, counted);
        var reader = FeatureReader.Fit(known, withDrafts);
        var features = known.ConvertAll(example => reader.Read(example.Prompt, example.CallSite, example.Draft));
        return new(reader, FitOutcome(known, features, example => example.Weak), FitOutcome(known, features, example => example.Strong), known.Count, counted);
    }

    private static int Counted(List<RoutingExample> examples, Func<RoutingExample, double?> outcome) =>
        examples.Where(example => outcome(example) is not null).Sum(example => example is { Weak: not null, Strong: not null } ? 2 : 1) / 2;

    private static float[] FitOutcome(List<RoutingExample> examples, List<FeatureVector> features, Func<RoutingExample, double?> outcome)
    {
        var rows = new List<(FeatureVector, bool, double)>(examples.Count);
        for (var i = 0; i < examples.Count; i++)
        {
            if (outcome(examples[i]) is not { } score)
                continue;
            var weight = examples[i] is { Weak: not null, Strong: not null } ? 1 : Math.Min(MostWeight, 1 / examples[i].Propensity);
            // An answer that is half right is right with half its weight.
            if (score > 0)
                rows.Add((features[i], true, weight * score));
            if (score < 1)
                rows.Add((features[i], false, weight * (1 - score)));
        }

        return LogisticRegression.Fit(rows, FeatureReader.Length, Trust);
    }

    internal static RoutingExample Checked(RoutingExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (example.Weak is not (null or (>= 0 and <= 1)) || example.Strong is not (null or (>= 0 and <= 1)))
            throw new ArgumentException("An example has a score outside 0 to 1. Give 0 for a wrong answer, 1 for a right one, null for one that nobody scored.");
        if (!(example.Propensity is > 0 and <= 1))
            throw new ArgumentException($"An example has the propensity '{example.Propensity}'. Give the probability with which its model had been chosen, above 0 and at most 1.");
        return example;
    }

    private static double GainByLength(int length) => length / (length + 1_000.0);

    private static string VersionOf(GainModel model)
    {
        const int shown = 12;
        var key = KeyWriter.Rent();
        key.Number((long)model.Basis);
        key.Number((long)model.Examples);
        key.Number((long)model.CountedExamples);
        GainModelFile.Write(key, model);
        var hash = key.Finish();
        KeyWriter.Return(key);
        return hash.ToHex()[..shown];
    }
}
