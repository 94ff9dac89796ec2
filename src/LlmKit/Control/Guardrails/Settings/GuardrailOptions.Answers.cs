using LlmKit.Control.Guardrails;

namespace LlmKit;

public sealed partial class GuardrailOptions
{
    internal List<GuardRule> Guards { get; private set; } = [];

    internal FormatRule? Format { get; private set; }

    internal ToolRailOptions? Tools { get; private set; }

    internal List<ModelBinding> Bindings { get; private set; } = [];

    /// <summary>Adds a guard: a rule that asks a service or a model. Guards run after the detectors, side by side; judges run last.</summary>
    /// <param name="rails">Where. On the tool-call rail it gets the tool's name and its arguments as JSON.</param>
    /// <param name="guard">The guard.</param>
    /// <param name="configure">Sets its time limit, what its failure does, and how it looks at streams.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions AddGuard(Rail rails, IGuard guard, Action<GuardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(guard);
        var options = new GuardOptions();
        configure?.Invoke(options);
        Guards.Add(new(rails, guard, options, _observed));
        return this;
    }

    /// <summary>Holds answers to a form. One that has it not is repaired by the model, then asked of another, then given up.</summary>
    /// <remarks>An answer is held back until it is whole. Answers that call tools are not checked: they are not the last word.</remarks>
    /// <param name="format">The form; by default the one that the request asks for.</param>
    /// <param name="configure">Sets what happens to an answer that has it not.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions RequireFormat(IAnswerFormat? format = null, Action<FormatOptions>? configure = null)
    {
        var options = new FormatOptions();
        configure?.Invoke(options);
        Format = new(format ?? AnswerFormats.Requested, options, _observed);
        return this;
    }

    /// <summary>Limits which tools the model may ask for, and with what. Stands before whatever runs the tools.</summary>
    /// <param name="configure">Sets the limits; by default only declared tools may be called, with arguments that fit their schemas.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions LimitTools(Action<ToolRailOptions>? configure = null)
    {
        var tools = _observed ? TriedTools ??= new() : Tools ??= new();
        configure?.Invoke(tools);
        return this;
    }

    /// <summary>Keeps requests that hold some kinds of data in regions: fallbacks, hedges and judges included, no model elsewhere is asked.</summary>
    /// <param name="regions">The regions, as <c>ModelOptions.Region</c> names them.</param>
    /// <param name="entities">The kinds, such as <c>CARD</c>, which a rule of the request rails must find and not only observe; none for every kind.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions KeepInRegions(IEnumerable<string> regions, params string[] entities)
    {
        ArgumentNullException.ThrowIfNull(regions);
        ArgumentNullException.ThrowIfNull(entities);
        if (!IsTrialOf(nameof(KeepInRegions)))
            Bindings.Add(new([.. entities], [.. regions], null));
        return this;
    }

    /// <summary>Keeps requests that hold some kinds of data on models, such as one of your own.</summary>
    /// <param name="models">The registered models.</param>
    /// <param name="entities">The kinds, such as <c>CARD</c>, which a rule of the request rails must find and not only observe; none for every kind.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions KeepOnModels(IEnumerable<string> models, params string[] entities)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(entities);
        if (!IsTrialOf(nameof(KeepOnModels)))
            Bindings.Add(new([.. entities], null, [.. models]));
        return this;
    }
}
