using System.Collections.Frozen;

namespace LlmKit.Calls;

/// <summary>What is declared for the calls of a pipeline and for those of single features. Immutable.</summary>
internal sealed class ConstraintSet(LlmConstraints all, IReadOnlyDictionary<string, LlmConstraints>? features = null)
{
    private readonly FrozenDictionary<string, LlmConstraints> _features = (features ?? new Dictionary<string, LlmConstraints>()).ToFrozenDictionary();

    public static ConstraintSet None { get; } = new(new());

    private readonly bool _hasFeatures = features is { Count: > 0 };

    /// <summary>Gets whether any call is bound to anything.</summary>
    public bool BindCalls { get; } = all.BindCalls || (features?.Values.Any(one => one.BindCalls) ?? false);

    /// <summary>Gets whether the cost of any call is limited.</summary>
    public bool LimitCost { get; } = all.LimitCost || (features?.Values.Any(one => one.LimitCost) ?? false);

    /// <summary>Gets the features that have constraints of their own.</summary>
    public IReadOnlyList<string> Features => _features.Keys;

    /// <summary>Gives what holds for the calls of a feature.</summary>
    public LlmConstraints For(string? feature) => _hasFeatures && feature is not null && _features.TryGetValue(feature, out var own) ? own : all;

    /// <summary>Gives the name under which a call is reported: that of its feature if it has constraints of its own, so that names stay few.</summary>
    public string? NameOf(string? feature) => feature is not null && _features.ContainsKey(feature) ? feature : null;
}
