using LlmKit.Calls;
using LlmKit.Control.Variability.Probing;
using LlmKit.Internal.Statistics;

namespace LlmKit;

/// <summary>How much the answers to a sample of requests vary when each is asked several times. Immutable; it holds numbers and names, no texts.</summary>
/// <remarks>The agreement rates are TARr@N and TARa@N of Atil et al., arXiv 2408.04667: the share of requests all N of whose answers are the same, as texts and as values.</remarks>
public sealed record StabilityReport
{
    internal StabilityReport(IReadOnlyList<RepeatedRequest> requests, int repeats)
    {
        Requests = requests;
        Repeats = repeats;
        var counted = requests.Where(request => request.Answers > 1).ToList();
        Counted = counted.Count;
        Texts = new(counted.Count(request => request.Texts == 1), counted.Count);
        Values = new(counted.Count(request => request.Values == 1), counted.Count);
        Disagreement = counted.Count == 0 ? null : counted.Average(request => request.Disagreement);
    }

    /// <summary>Gets what came of each request.</summary>
    public IReadOnlyList<RepeatedRequest> Requests { get; }

    /// <summary>Gets how often each request was asked.</summary>
    public int Repeats { get; }

    /// <summary>Gets how many requests got two answers or more: only those count.</summary>
    public int Counted { get; }

    /// <summary>Gets on how many requests all answers were the same text.</summary>
    public AgreementRate Texts { get; }

    /// <summary>Gets on how many requests all answers came to the same value.</summary>
    public AgreementRate Values { get; }

    /// <summary>Gets the probability that a request which is asked again gets another value: over requests, the mean share of pairs of answers that differ.</summary>
    /// <value>0 to 1; <see langword="null"/> where nothing counted.</value>
    public double? Disagreement { get; }

    /// <summary>Gets what the disagreement is at least, with a one-sided confidence of 95 % (Wilson, 1927, on the number of requests).</summary>
    public double DisagreementAtLeast => WilsonInterval.Lower(Disagreement ?? 0, Counted);

    /// <summary>Gets what the disagreement is at most, with a one-sided confidence of 95 %.</summary>
    public double DisagreementAtMost => WilsonInterval.Upper(Disagreement ?? 0, Counted);

    /// <summary>Gets how many answers failed.</summary>
    public int Failed { get; init; }

    /// <summary>Gets the ids of the models that answered, as their providers name them: more than one may explain what varies.</summary>
    public IReadOnlyList<string> ModelIds { get; init; } = [];

    /// <summary>Gets what the probe cost, in USD, as far as its calls say.</summary>
    public decimal Cost { get; init; }

    /// <summary>Gets how it stands to what is declared; set where <see cref="LlmVariability"/> made the report.</summary>
    public ToleranceVerdict Verdict { get; init; }

    internal MeasuredDisagreement? Measured(DateTimeOffset at) =>
        Disagreement is { } rate ? new(rate, DisagreementAtLeast, DisagreementAtMost, Counted, at) : null;

    internal ToleranceVerdict VerdictUnder(double? tolerance) =>
        tolerance is not { } most || Disagreement is null ? ToleranceVerdict.None
        : DisagreementAtMost <= most ? ToleranceVerdict.Within
        : DisagreementAtLeast > most ? ToleranceVerdict.Exceeded
        : ToleranceVerdict.NotShown;
}
