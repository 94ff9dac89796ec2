using System.Collections.Immutable;

namespace LlmKit.Simulator.Faults;

/// <summary>Which requests go wrong and how. Rules are asked in the order in which they were added; the first that fits is played.</summary>
/// <remarks>
/// Thread-safe; rules may be added and removed while the simulator runs. A rule can be held to the first tries of the same request:
/// the same body sent to the same path again is the next try. A rule by chance depends only on the simulator's seed, the rule's
/// place in the plan, the path and body, and the number of the try, so it decides the same whatever the concurrency.
/// </remarks>
public sealed class FaultPlan
{
    private ImmutableList<FaultRule> _rules = [];

    /// <summary>Plans a fault for every request.</summary>
    /// <param name="fault">What happens.</param>
    /// <param name="firstTries">How many tries of the same request it happens to. Default: all.</param>
    /// <returns>The plan, for the next rule.</returns>
    public FaultPlan Always(Fault fault, int firstTries = int.MaxValue) => When(_ => true, fault, firstTries);

    /// <summary>Plans a fault for one request, by its place in the order of arrival.</summary>
    /// <param name="number">The place, from 1; refused requests count too.</param>
    /// <param name="fault">What happens.</param>
    /// <returns>The plan, for the next rule.</returns>
    public FaultPlan OnRequest(long number, Fault fault) => When(request => request.Number == number, fault);

    /// <summary>Plans a fault for the requests to a model.</summary>
    /// <param name="model">The model or deployment.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="firstTries">How many tries of the same request it happens to. Default: all.</param>
    /// <returns>The plan, for the next rule.</returns>
    public FaultPlan OnModel(string model, Fault fault, int firstTries = int.MaxValue) =>
        When(request => request.Model == model, fault, firstTries);

    /// <summary>Plans a fault for the requests whose last user message, or text to embed, holds a text.</summary>
    /// <param name="text">The text; upper and lower case are the same.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="firstTries">How many tries of the same request it happens to. Default: all.</param>
    /// <returns>The plan, for the next rule.</returns>
    public FaultPlan OnText(string text, Fault fault, int firstTries = int.MaxValue) =>
        When(request => request.Text.Contains(text, StringComparison.OrdinalIgnoreCase), fault, firstTries);

    /// <summary>Plans a fault for the requests that a condition picks.</summary>
    /// <param name="applies">The condition; called on the server's threads.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="firstTries">How many tries of the same request it happens to. Default: all.</param>
    /// <returns>The plan, for the next rule.</returns>
    public FaultPlan When(Func<FaultRequest, bool> applies, Fault fault, int firstTries = int.MaxValue) =>
        Add(new(applies, 1, firstTries, fault));

    /// <summary>Plans a fault by chance.</summary>
    /// <param name="probability">The part of the requests it happens to, 0 to 1.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="applies">Which requests are in question. Default: all.</param>
    /// <param name="firstTries">How many tries of the same request it may happen to. Default: all, each drawn anew.</param>
    /// <returns>The plan, for the next rule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside 0 to 1.</exception>
    public FaultPlan ByChance(double probability, Fault fault, Func<FaultRequest, bool>? applies = null, int firstTries = int.MaxValue)
    {
        if (probability is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability is outside 0 to 1.");

        return Add(new(applies ?? (_ => true), probability, firstTries, fault));
    }

    /// <summary>Removes all rules.</summary>
    public void Clear() => Interlocked.Exchange(ref _rules, []);

    internal Fault? Decide(FaultRequest request, int seed, ulong fingerprint)
    {
        var rules = Volatile.Read(ref _rules);
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (request.Try <= rule.FirstTries
                && (rule.Probability >= 1 || StableHash.Chance(seed, fingerprint, request.Try, i) < rule.Probability)
                && rule.Applies(request))
                return rule.Fault;
        }

        return null;
    }

    private FaultPlan Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule.Applies);
        ArgumentNullException.ThrowIfNull(rule.Fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(rule.FirstTries, 1);
        ImmutableInterlocked.Update(ref _rules, static (rules, added) => rules.Add(added), rule);
        return this;
    }
}
