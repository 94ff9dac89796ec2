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
        if (counted.Count == 0)
            return;
        Texts = ShareOf(counted.Count(request => request.Texts == 1), counted.Count);
        Values = ShareOf(counted.Count(request => request.Values == 1), counted.Count);
        var rate = counted.Average(request => request.Disagreement);
        Disagreement = new(rate, WilsonInterval.Lower(rate, Counted), WilsonInterval.Upper(rate, Counted));
    }

    /// <summary>Gets what came of each request.</summary>
    public IReadOnlyList<RepeatedRequest> Requests { get; }

    /// <summary>Gets how often each request was asked.</summary>
    public int Repeats { get; }

    /// <summary>Gets how many requests got two answers or more: only those count.</summary>
    public int Counted { get; }

    /// <summary>Gets on what share of the requests all answers were the same text.</summary>
    /// <value>0 to 1, with the interval of 95 % (Clopper and Pearson, 1934); <see langword="null"/> where nothing counted.</value>
    public Interval? Texts { get; }

    /// <summary>Gets on what share of the requests all answers came to the same value.</summary>
    /// <value>0 to 1, with the interval of 95 % (Clopper and Pearson, 1934); <see langword="null"/> where nothing counted.</value>
    public Interval? Values { get; }

    /// <summary>Gets the probability that a request which is asked again gets another value: over requests, the mean share of pairs of answers that differ.</summary>
    /// <value>0 to 1; each end of the interval has a one-sided confidence of 95 % (Wilson, 1927, on the number of requests). <see langword="null"/> where nothing counted.</value>
    public Interval? Disagreement { get; }

    /// <summary>Gets how many answers failed.</summary>
    public int Failed { get; init; }

    /// <summary>Gets the ids of the models that answered, as their providers name them: more than one may explain what varies.</summary>
    public IReadOnlyList<string> ModelIds { get; init; } = [];

    /// <summary>Gets what the probe cost, in USD, as far as its calls say.</summary>
    public decimal Cost { get; init; }

    /// <summary>Gets how it stands to what is declared; set where <see cref="LlmVariability"/> made the report.</summary>
    public ToleranceVerdict Verdict { get; init; }

    internal MeasuredDisagreement? Measured(DateTimeOffset at) =>
        Disagreement is { } rate ? new(rate, Counted, at) : null;

    internal ToleranceVerdict VerdictUnder(double? tolerance) =>
        tolerance is not { } most || Disagreement is not { } rate ? ToleranceVerdict.None
        : rate.High <= most ? ToleranceVerdict.Within
        : rate.Low > most ? ToleranceVerdict.Exceeded
        : ToleranceVerdict.NotShown;

    private static Interval ShareOf(int count, int of)
    {
        var (low, high) = BinomialInterval.TwoSided(count, of);
        return new((double)count / of, low, high);
    }
}
