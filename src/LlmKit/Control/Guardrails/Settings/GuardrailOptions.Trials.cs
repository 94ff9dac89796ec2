namespace LlmKit;

public sealed partial class GuardrailOptions
{
    private bool _observed;

    internal IReadOnlyList<string> TriedTerms { get; private set; } = [];

    internal ToolRailOptions? TriedTools { get; private set; }

    /// <summary>Gets what was used on trial and would act all the same.</summary>
    internal List<string> Untriable { get; private set; } = [];

    /// <summary>Adds rules that only record what they would have done, beside others that act: how a new rule is tried.</summary>
    /// <param name="rules">
    /// Adds the rules: detectors, denied terms, topics, prompt injection and leaks, guards, limits on tools but no approval, the format.
    /// What would act all the same, such as a setting, <see cref="Spotlight"/> or <see cref="KeepInRegions"/>, is refused when the pipeline is built.
    /// </param>
    /// <returns>These options.</returns>
    public GuardrailOptions Observed(Action<GuardrailOptions> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var (before, settings) = (_observed, Settings());
        _observed = true;
        try
        {
            rules(this);
        }
        finally
        {
            _observed = before;
        }

        Untriable.AddRange(settings.Except(Settings()).Select(setting => setting.Name));
        return this;
    }

    private bool IsTrialOf(string name)
    {
        if (_observed)
            Untriable.Add(name);
        return _observed;
    }

    private (string Name, object? Value)[] Settings() =>
    [
        (nameof(Observe), Observe), (nameof(WhenBlocked), WhenBlocked), (nameof(BlockedAnswer), BlockedAnswer), (nameof(DeniedTerms), DeniedTerms),
        (nameof(MaxHoldback), MaxHoldback), (nameof(OnOverflow), OnOverflow), (nameof(Style), Style), (nameof(MostRequestLength), MostRequestLength),
        (nameof(MostAnswerLength), MostAnswerLength), (nameof(MostRepetition), MostRepetition), (nameof(DraftTelemetry), DraftTelemetry),
    ];
}
