using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Calls;

/// <summary>What limits money above a door to a model, so that it knows a call that has lost its limits from one that never had any.</summary>
/// <remarks>Thread-safe. A door may stand under several pipelines or budgets that know nothing of each other: it is enough to have come through one.</remarks>
internal sealed class MoneyLimits(ILogger? logger = null)
{
    private static readonly Counter<long> Lost = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.attempts.lost", "{attempt}", "Attempts that came without their call where money is limited, refused or observed.");

    private readonly Lock _lock = new();
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private Func<LlmCall?, MoneyLimitMode?>[] _all = [];

    /// <summary>Adds a pipeline, or a budget that stands alone.</summary>
    /// <param name="lost">Says what a call has lost of its limits, settings being what they are now; <see langword="null"/> for one that came through it.</param>
    public void Add(Func<LlmCall?, MoneyLimitMode?> lost)
    {
        lock (_lock)
            _all = [.. _all, lost];
    }

    /// <summary>Lets a covered attempt pass, and one that nobody limits; records or refuses one that has lost its limits.</summary>
    /// <param name="call">The call that the attempt came with; <see langword="null"/> for none.</param>
    /// <param name="model">The registered model.</param>
    /// <exception cref="AttemptRefusedException">The call was lost, and an enforced limit with it.</exception>
    public void Check(LlmCall? call, string model)
    {
        var mode = MoneyLimitMode.None;
        foreach (var lost in Volatile.Read(ref _all))
        {
            if (lost(call) is not { } own)
                return;
            if (own > mode)
                mode = own;
        }

        if (mode == MoneyLimitMode.None)
            return;
        Lost.Add(1, new(LlmKitDiagnostics.ModelTag, model), new(LlmKitDiagnostics.ObservedTag, mode == MoneyLimitMode.Observed));
        if (mode == MoneyLimitMode.Enforced)
            throw Refusal(model, "no limit on money could be held to");
        CallLog.LostCall(_logger, model);
    }

    /// <summary>Words the refusal of an attempt that came without its call.</summary>
    public static AttemptRefusedException Refusal(string model, string consequence) => new(
        RefusalReason.Budget,
        model,
        $"An attempt on the model '{model}' came without its call, so {consequence}. A decorator on the way made new options; let it clone the options it was given (options.Clone()).");
}
