using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Reports.Book;

/// <summary>What one row has counted so far. Not thread-safe: its book locks it.</summary>
internal sealed class RowCounts
{
    private long _calls;
    private long _failedCalls;
    private long _hits;
    private long _repeats;
    private long _attempts;
    private long _failedAttempts;
    private long _estimated;
    private long _unpriced;
    private long _fallbackPriced;
    private TokenUsage _tokens;
    private Money _cost;
    private Money _repeatedCost;

    public void AddCall(LlmCall call, bool isRepeat)
    {
        _calls++;
        _failedCalls += call.Status == CallStatus.Failed ? 1 : 0;
        _hits += (call.Marks & AnswerMarks.Cached) != 0 ? 1 : 0;
        _repeats += isRepeat ? 1 : 0;
    }

    public void AddAttempt(CallAttempt attempt, Money cost, bool isRepeat)
    {
        _attempts++;
        _failedAttempts += attempt.Failure is null ? 0 : 1;
        _estimated += attempt.Estimated ? 1 : 0;
        _unpriced += attempt.Priced ? 0 : 1;
        _fallbackPriced += attempt.FallbackPriced ? 1 : 0;
        _tokens += attempt.Usage;
        _cost += cost;
        if (isRepeat)
            _repeatedCost += cost;
    }

    public void Add(RowCounts other)
    {
        _calls += other._calls;
        _failedCalls += other._failedCalls;
        _hits += other._hits;
        _repeats += other._repeats;
        _attempts += other._attempts;
        _failedAttempts += other._failedAttempts;
        _estimated += other._estimated;
        _unpriced += other._unpriced;
        _fallbackPriced += other._fallbackPriced;
        _tokens += other._tokens;
        _cost += other._cost;
        _repeatedCost += other._repeatedCost;
    }

    public SpendingFigures ToFigures() => new()
    {
        Calls = _calls,
        FailedCalls = _failedCalls,
        Hits = _hits,
        Repeats = _repeats,
        Attempts = _attempts,
        FailedAttempts = _failedAttempts,
        EstimatedAttempts = _estimated,
        UnpricedAttempts = _unpriced,
        FallbackPricedAttempts = _fallbackPriced,
        Tokens = _tokens,
        Cost = _cost.ToUsd(),
        RepeatedCost = _repeatedCost.ToUsd(),
    };
}
