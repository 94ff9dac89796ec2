using LlmKit.Internal.Keys;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Calls;

/// <summary>All that a call needs from its pipeline: one immutable snapshot, replaced as a whole when the configuration changes.</summary>
internal sealed class CallSetup
{
    public required string Pipeline { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>What tells one pipeline's snapshots from another's.</summary>
    public required object Owner { get; init; }

    /// <summary>What counts the calls for a host that waits for them when it stops; <see langword="null"/> where there is none.</summary>
    public OpenCalls? Open { get; init; }

    public ConstraintSet Constraints { get; init; } = ConstraintSet.None;

    /// <summary>Where it is taken down how calls stood to their constraints; <see langword="null"/> for a stage that stands alone.</summary>
    public ConstraintBook? Promises { get; init; }

    public Func<CallIdentity>? Identity { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The book that calls are entered in; <see langword="null"/> where nobody asked for a report.</summary>
    public ICallBook? Book { get; init; }

    /// <summary>The prepared settings of each stage, by slot.</summary>
    public object[] Slots { get; init; } = [];

    /// <summary>The name of the pipeline and the models that it has, as a hash: an answer of other models is another answer.</summary>
    public Hash256 Models { get; init; }

    /// <summary>The settings among <see cref="Slots"/> that decide which of the models answers.</summary>
    public IRoutePlan[] Routes { get; init; } = [];

    /// <summary>What stages add to every call of the pipeline when it opens or is joined.</summary>
    public Action<LlmCall>[] OnOpened { get; init; } = [];

    /// <summary>The setup of a stage that stands alone.</summary>
    public static CallSetup Alone(string stage, TimeProvider? time, ILogger? logger) => new()
    {
        Pipeline = stage,
        Time = time ?? TimeProvider.System,
        Owner = new(),
        Logger = logger ?? NullLogger.Instance,
    };
}
