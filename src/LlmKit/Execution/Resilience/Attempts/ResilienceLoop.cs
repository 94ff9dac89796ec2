using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Polly;

namespace LlmKit.Execution.Resilience;

/// <summary>The attempts of one call on one model, the same for an answer and for the opening of a stream.</summary>
/// <typeparam name="T">What a good attempt gives.</typeparam>
internal abstract class ResilienceLoop<T>(ResilientModel model, ResiliencePolicy policy, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    : ResilienceRun(model, policy, options, call, cancellationToken)
    where T : class
{
    /// <summary>Makes attempts until one is good or no more may be made.</summary>
    /// <remarks>The first attempt is made without Polly, so that a call which goes well does not pay for it.</remarks>
    public ValueTask<T> RunAsync()
    {
        var first = TryAsync();
        if (!first.IsCompletedSuccessfully)
            return GoOnAsync(first);
        var outcome = first.Result;
        return outcome.Exception is null ? new(outcome.Result!) : GoOnAsync(new(outcome));
    }
    /// <summary>Makes one attempt.</summary>
    protected abstract ValueTask<T> SendAsync(AttemptGuard guard);

    /// <summary>Ends a good attempt in its guard, or stops the guard's clock when the attempt goes on.</summary>
    protected abstract void OnGood(AttemptGuard guard);

    private async ValueTask<T> GoOnAsync(ValueTask<Outcome<T>> first)
    {
        var outcome = await first.ConfigureAwait(false);
        if (outcome.Exception is null)
            return outcome.Result!;
        outcome = await RepeatAsync().ConfigureAwait(false);
        if (outcome.Exception is not null)
            Throw(outcome.Exception);
        return outcome.Result!;
    }

    private async ValueTask<Outcome<T>> RepeatAsync()
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, CallerToken);
        Attach(context);
        try
        {
            return await Policy.Retries.ExecuteOutcomeAsync(static (_, loop) => loop.NextAsync(), context, this).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Gives Polly the attempt that was made already, then new ones.</summary>
    private ValueTask<Outcome<T>> NextAsync()
    {
        if (Setbacks!.IsFirstGiven)
            return TryAsync();
        Setbacks.IsFirstGiven = true;
        return Outcome.FromExceptionAsValueTask<T>(Setbacks.Exceptions[0]);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<T>> TryAsync()
    {
        Attempts++;
        if (Model.Enter(Call, Policy.Circuit, Attempts, out var permit) is { } refused)
            return Failed(refused);
        var guard = Model.Rent();
        guard.Begin(Call, Policy.Circuit, permit, Attempts, CallerToken, this);
        StartWaiting(guard, Attempts == 1 ? Started : Model.Time.GetTimestamp());
        try
        {
            var result = await SendAsync(guard).ConfigureAwait(false);
            OnGood(guard);
            return Outcome.FromResult(result);
        }
        catch (Exception exception)
        {
            return Failed(guard.Fail(exception));
        }
    }

    private Outcome<T> Failed(Exception exception)
    {
        Note(exception);
        return Outcome.FromException<T>(exception);
    }

    [DoesNotReturn]
    private void Throw(Exception exception)
    {
        var cancelled = exception is OperationCanceledException && CallerToken.IsCancellationRequested;
        if (PassingFailure(exception) is { } failure)
            NoteEnd(exception, failure, Setbacks!.GiveUpReason ?? NoRetriesLeft);
        if (!cancelled && Setbacks!.Exceptions.Count > 1)
            throw new AttemptsExhaustedException(Setbacks.Exceptions);
        ExceptionDispatchInfo.Throw(exception);
    }
}
