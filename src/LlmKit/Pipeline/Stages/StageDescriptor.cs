using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace LlmKit.Pipeline;

/// <summary>One stage of a pipeline as the builder collected it.</summary>
internal abstract class StageDescriptor
{
    /// <summary>Gets the stage's name in errors and in configuration.</summary>
    public required string Name { get; init; }

    public required StagePlace Place { get; init; }

    /// <summary>Gets whether the stage dispatches to the models: it stands where the pipeline forks.</summary>
    public virtual bool IsFork => false;

    /// <summary>Reads, checks and prepares the stage's settings for a snapshot.</summary>
    public abstract object Prepare(IConfiguration? section, LlmStageContext context, List<string> failures);

    /// <summary>Says what the stage with these settings does to the money of attempts, and a call that did not come through the pipeline has not got.</summary>
    public virtual MoneyLimitMode LostLimit(object settings, LlmCall? call) => MoneyLimitMode.None;

    /// <summary>Checks settings against what only the whole pipeline can tell: the stages outside of this one, and the models.</summary>
    public virtual void CheckAmong(object settings, IReadOnlyList<StageDescriptor> outside, IReadOnlyList<Model> models, List<string> failures)
    {
    }

    public abstract IChatClient Wrap(IChatClient inner, Func<CallSetup> current, int slot, LlmStageContext context);

    public virtual IChatClient Fork(IReadOnlyList<ModelBranch> branches, Func<CallSetup> current, int slot, LlmStageContext context) =>
        throw new NotSupportedException($"The stage '{Name}' does not dispatch to models.");

    /// <summary>Gives what the stage adds to every call when it opens, or <see langword="null"/>.</summary>
    public virtual Action<LlmCall>? OnOpened(IChatClient stage) => null;
}
