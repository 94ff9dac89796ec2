using System.Diagnostics.Metrics;
using LlmKit.Models;

namespace LlmKit.Calls;

/// <summary>What has happened in a call so far: its steps, its attempts, what they cost and how many have not ended.</summary>
/// <remarks>Thread-safe. It never leaves its call, so it is its own lock, and the lock of whatever else the call changes: one object for both.</remarks>
internal sealed class CallJournal
{
    /// <summary>A call takes a handful of steps; one that takes more than this is somebody's loop.</summary>
    public const int MostSteps = 1_000;

    private static readonly Counter<long> DroppedSteps = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.call.steps.dropped", "{step}", "Steps that a call did not keep because it had too many.");

    private CallStep[] _steps = [];
    private CallAttempt[] _attempts = [];
    private TaskCompletionSource? _settled;
    private Money _cost;
    private int _stepCount;
    private int _pending;

    public IReadOnlyList<CallStep> Steps
    {
        get
        {
            lock (this)
                return _steps[.._stepCount];
        }
    }

    /// <summary>Gets the steps where they lie: those that are there stay as they are.</summary>
    public ReadOnlySpan<CallStep> StepsSoFar
    {
        get
        {
            lock (this)
                return _steps.AsSpan(0, _stepCount);
        }
    }

    /// <summary>Gets the steps that hold a verdict; nothing is copied where there is none.</summary>
    public IReadOnlyList<(CallStep Step, StepVerdict Verdict)> Verdicts
    {
        get
        {
            // Not under the lock: a step is anybody's code.
            List<(CallStep, StepVerdict)>? found = null;
            foreach (var step in StepsSoFar)
            {
                if (step.GetVerdict() is { } verdict)
                    (found ??= []).Add((step, verdict));
            }

            return found ?? [];
        }
    }

    /// <summary>Gets the attempts that have ended; the array is replaced and never changed.</summary>
    public CallAttempt[] Attempts => Volatile.Read(ref _attempts);

    public Money Cost
    {
        get
        {
            lock (this)
                return _cost;
        }
    }

    /// <summary>Gets the number of attempts that have not ended.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Gets a task that ends when every attempt made so far has ended.</summary>
    public Task WhenSettled
    {
        get
        {
            lock (this)
                return Pending == 0 ? Task.CompletedTask : (_settled ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Add(CallStep step)
    {
        if (!TryAdd(step))
            DroppedSteps.Add(1);
    }

    public void BeginAttempt() => Interlocked.Increment(ref _pending);

    public void EndAttempt(CallAttempt attempt, Money cost)
    {
        TaskCompletionSource? settled;
        lock (this)
        {
            _attempts = [.. _attempts, attempt];
            _cost += cost;
            settled = Ended();
        }

        settled?.TrySetResult();
    }

    /// <summary>Undoes <see cref="BeginAttempt"/> for an attempt that was refused before anything was sent.</summary>
    public void ForgetAttempt()
    {
        TaskCompletionSource? settled;
        lock (this)
            settled = Ended();
        settled?.TrySetResult();
    }

    private bool TryAdd(CallStep step)
    {
        lock (this)
        {
            if (_stepCount == MostSteps)
                return false;
            if (_stepCount == _steps.Length)
                Array.Resize(ref _steps, Math.Max(2, _stepCount * 2));
            _steps[_stepCount++] = step;
            return true;
        }
    }

    /// <summary>Counts an attempt that has ended and gives whom to tell when it was the last: once, for others may begin after it.</summary>
    private TaskCompletionSource? Ended() => Interlocked.Decrement(ref _pending) == 0 ? Interlocked.Exchange(ref _settled, null) : null;
}
