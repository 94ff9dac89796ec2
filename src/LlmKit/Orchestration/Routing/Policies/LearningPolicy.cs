using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Learning;

namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>Chooses by what was learned from recorded outcomes, and can be taught anew while it runs: from one request to the next, under another version.</summary>
/// <remarks>Thread-safe. Each decision is made, and put on record, by one model and one threshold. Without exploration it cannot learn from its own traces: see <see cref="RoutingPolicies.Exploring"/>.</remarks>
public sealed class LearningPolicy : RoutingPolicy
{
    private readonly string _weak;
    private readonly string _strong;
    private volatile State _state;

    /// <summary>Creates the policy with what it knows at first.</summary>
    /// <param name="model">The gain model, fitted on prompts.</param>
    /// <param name="weak">The registered model that is worth trying first.</param>
    /// <param name="strong">The registered model from the threshold on.</param>
    /// <param name="threshold">The gain from which the strong model is asked.</param>
    /// <exception cref="ArgumentException">The gain model reads drafts, a name is blank, or the threshold is no number.</exception>
    public LearningPolicy(GainModel model, string weak, string strong, double threshold)
    {
        (_weak, _strong) = (weak, strong);
        _state = new(model, threshold, RoutingPolicies.Learned(model, weak, strong, threshold));
    }

    /// <summary>Gets the policy's name in decisions: <c>learned</c>, or <c>learned-by-length</c> where there are too few examples yet; then the reason of each decision says how many.</summary>
    public override string Name => _state.Policy.Name;

    /// <inheritdoc/>
    public override string Version => _state.Policy.Version;

    /// <summary>Gets what it knows now.</summary>
    public GainModel Model => _state.Model;

    /// <summary>Gets the gain from which the strong model is asked.</summary>
    public double Threshold => _state.Threshold;

    /// <inheritdoc/>
    public override RoutingChoice Choose(RoutingRequest context) => _state.Policy.Choose(context);

    /// <summary>Takes another model and threshold, from the next decision on.</summary>
    /// <param name="model">The gain model, fitted on prompts.</param>
    /// <param name="threshold">The gain from which the strong model is asked.</param>
    /// <exception cref="ArgumentException">The gain model reads drafts, or the threshold is no number.</exception>
    public void Swap(GainModel model, double threshold) => _state = new(model, threshold, RoutingPolicies.Learned(model, _weak, _strong, threshold));

    /// <summary>Learns from traces with prompts, and takes what it has learned; what it has learned before stays where the traces are too few to beat the prompt's length.</summary>
    /// <remarks>
    /// The threshold is the gain that so many of these very requests reach: those that a policy decided, each by its first decision. Gains predicted by models that had not seen them were measured too (five parts,
    /// 20 draws): on 250 to 600 requests the share realised was further off each time (by 0.03 to 0.06 of 0.35, against 0.02 to 0.05), for models of fewer
    /// requests predict another range of gains.
    /// </remarks>
    /// <param name="traces">Traces of answers that were scored, mostly by a policy that explores. Those with a prompt that was cut teach nothing.</param>
    /// <param name="strongShare">The share of such requests that goes to the strong model from now on, from 0 to 1.</param>
    /// <param name="source">The source whose scores count; by default the only one there is.</param>
    /// <returns>The model that was fitted; <see cref="GainModel.Basis"/> says whether the traces were enough.</returns>
    /// <exception cref="ArgumentException">No trace of a decision that a policy made has a whole prompt, or the outcomes are of several sources and none was chosen.</exception>
    public GainModel Refit(IEnumerable<RoutingTrace> traces, double strongShare, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(traces);
        ArgumentOutOfRangeException.ThrowIfLessThan(strongShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(strongShare, 1);
        RoutingTrace[] whole = [.. traces.Where(trace => trace is { Prompt: not null, IsPromptCut: false })];
        if (!Array.Exists(whole, trace => trace.IsOfPolicy))
            throw new ArgumentException("No trace of a decision that a policy made has a whole prompt to learn from. Set RoutingTraceLogOptions.RecordPrompts, and MaxPromptLength where prompts are long.", nameof(traces));
        var model = GainModel.FitTraces(whole, _weak, _strong, source);
        if (model.Basis == GainBasis.Length && Model.Basis == GainBasis.Learned)
            return model;
        Swap(model, ThresholdFor(strongShare, [.. FirstDecisions(whole).Select(trace => model.Predict(trace.Prompt, trace.Feature)).Order()]));
        return model;
    }

    /// <summary>What comes after a failure is decided for requests that were decided already, and among fewer models.</summary>
    private static IEnumerable<RoutingTrace> FirstDecisions(RoutingTrace[] traces) =>
        traces.Where(trace => trace.IsOfPolicy).GroupBy(trace => trace.CallId, StringComparer.Ordinal).Select(call => call.MinBy(trace => trace.Time)!);

    /// <summary>The threshold that comes nearest to a share: requests of one gain go together.</summary>
    private static double ThresholdFor(double share, double[] gains) =>
        gains.Distinct().Append(double.PositiveInfinity).MinBy(gain => Math.Abs(share - ((double)(gains.Length - FirstFrom(gain, gains)) / gains.Length)));

    private static int FirstFrom(double gain, double[] gains)
    {
        var index = Array.BinarySearch(gains, gain);
        if (index < 0)
            return ~index;
        while (index > 0 && gains[index - 1] == gain)
            index--;
        return index;
    }

    private sealed record State(GainModel Model, double Threshold, RoutingPolicy Policy);
}
