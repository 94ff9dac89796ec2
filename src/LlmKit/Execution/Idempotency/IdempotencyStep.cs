using LlmKit.Calls;

namespace LlmKit.Execution.Idempotency;

/// <summary>What was decided about a call that may repeat another.</summary>
/// <remarks>
/// Decisions: <c>began</c> (the first call with its key), <c>joined</c> (another call with its key was in flight), <c>coalesced</c> (an
/// equal call was), <c>replayed</c> (its answer was known), <c>failed-before</c> (a permanent failure was), <c>conflict</c> (its key belongs
/// to another request), <c>remembered</c>, <c>not-remembered</c>, <c>not-evaluated</c> (the store failed, or holds what cannot be
/// compared). Immutable.
/// </remarks>
/// <param name="Decision">What was decided.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record IdempotencyStep(string Decision, string? Reason = null) : CallStep("idempotency", Decision, Reason)
{
    internal const string Began = "began";
    internal const string Joined = "joined";
    internal const string Coalesced = "coalesced";
    internal const string Replayed = "replayed";
    internal const string FailedBefore = "failed-before";
    internal const string Conflict = "conflict";
    internal const string Remembered = "remembered";
    internal const string NotRemembered = "not-remembered";
    internal const string NotEvaluated = "not-evaluated";
}
