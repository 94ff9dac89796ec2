using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace LlmKit.Pipeline;

/// <summary>How a stage of ours is configured, prepared and built: the same for a pipeline and for a stage used alone.</summary>
/// <typeparam name="TOptions">The stage's settings.</typeparam>
/// <typeparam name="TPolicy">What is prepared from them once, immutable.</typeparam>
internal sealed class StageDefinition<TOptions, TPolicy> : StageDescriptor
    where TOptions : class, new()
    where TPolicy : class
{
    public Action<TOptions>? Configure { get; init; }

    /// <summary>Gets how configuration is laid over the settings; it wins over code.</summary>
    public Action<IConfiguration, TOptions>? Bind { get; init; }

    /// <summary>Gets how settings are checked, all failures at once, and compiled. The result is not used when there are failures.</summary>
    public required Func<TOptions, LlmStageContext, List<string>, TPolicy> Compile { get; init; }

    /// <summary>Gets how prepared settings are checked against the stages outside of this one and the models.</summary>
    public Action<TPolicy, IReadOnlyList<StageDescriptor>, IReadOnlyList<Model>, List<string>>? Among { get; init; }

    public Func<IChatClient, StageSettings<TPolicy>, LlmStageContext, IChatClient>? Build { get; init; }

    public Func<IReadOnlyList<ModelBranch>, StageSettings<TPolicy>, LlmStageContext, IChatClient>? BuildFork { get; init; }

    /// <summary>Gets what settings do to the money of attempts that a call has not got; <see langword="null"/> for a stage that limits no money.</summary>
    public Func<TPolicy, LlmCall?, MoneyLimitMode>? Limit { get; init; }

    /// <summary>Gets what the stage adds to every call of its pipeline when it opens.</summary>
    public Func<IChatClient, Action<LlmCall>>? Opened { get; init; }

    public override bool IsFork => BuildFork is not null;

    public override object Prepare(IConfiguration? section, LlmStageContext context, List<string> failures)
    {
        var options = new TOptions();
        Configure?.Invoke(options);
        if (section is not null && Bind is not null)
            BindSafely(section, options, failures);
        return Compile(options, context, failures);
    }

    public override void CheckAmong(object settings, IReadOnlyList<StageDescriptor> outside, IReadOnlyList<Model> models, List<string> failures) =>
        Among?.Invoke((TPolicy)settings, outside, models, failures);

    public override IChatClient Wrap(IChatClient inner, Func<CallSetup> current, int slot, LlmStageContext context) =>
        Build!(inner, new(current, slot), context);

    public override IChatClient Fork(IReadOnlyList<ModelBranch> branches, Func<CallSetup> current, int slot, LlmStageContext context) =>
        BuildFork!(branches, new(current, slot), context);

    public override MoneyLimitMode LostLimit(object settings, LlmCall? call) => Limit?.Invoke((TPolicy)settings, call) ?? MoneyLimitMode.None;

    public override Action<LlmCall>? OnOpened(IChatClient stage) => Opened?.Invoke(stage);

    /// <summary>Gives the stage in the shape of a decorator factory, for builders other than ours.</summary>
    public Func<IChatClient, IServiceProvider, IChatClient> ToFactory() => (inner, services) =>
    {
        ArgumentNullException.ThrowIfNull(inner);
        var context = LlmStageContext.Alone(services);
        var failures = new List<string>();
        var policy = (TPolicy)Prepare(section: null, context, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : Build!(inner, new(policy), context);
    };

    private void BindSafely(IConfiguration section, TOptions options, List<string> failures)
    {
        try
        {
            Bind!(section, options);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            failures.Add($"The configuration of '{Name}' cannot be read: {exception.Message}");
        }
    }
}
