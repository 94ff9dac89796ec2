using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal.RateLimiting;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>One request to one model under its call: the money is reserved before it and settled exactly once after it, whatever its end.</summary>
/// <remarks>Ended once by <see cref="Succeed"/>, <see cref="Fail"/> or <see cref="Abandon"/>; a later end does nothing.</remarks>
internal sealed class Attempt
{
    private const int UpdatesPerRenewal = 32;

    private readonly LlmCall _call;
    private readonly Model _model;
    private readonly RequestFacts _request;
    private readonly AttemptHolds _holds;
    private readonly long _mostOutput;
    private readonly RatePermit? _permit;
    private readonly string? _purpose;
    private long _firstContent = -1;
    private TokenUsage _reported;
    private StrongBox<TokenScan>? _output;
    private StrongBox<TokenScan>? _unfinishedCalls;
    private bool _isReported;
    private bool _hasBegun;
    private bool _sawOutput;
    private int _updates;
    private int _ended;

    private Attempt(LlmCall call, Model model, RequestFacts request, AttemptHolds holds, long mostOutput, RatePermit? permit, string? purpose)
    {
        _call = call;
        _model = model;
        _request = request;
        _holds = holds;
        _mostOutput = mostOutput;
        _permit = permit;
        _purpose = purpose;
        Sent = call.Time.GetTimestamp();
    }

    /// <summary>Gets whether the limits afford no attempt like this one after it.</summary>
    public bool IsLast => _holds.AreLast;

    /// <summary>Gets the timestamp at which it was sent.</summary>
    public long Sent { get; }

    /// <summary>Gets or sets the tokens that the provider reported; <see langword="null"/> so far.</summary>
    private TokenUsage? Reported
    {
        get => _isReported ? _reported : null;
        set => (_reported, _isReported) = (value.GetValueOrDefault(), value is not null);
    }

    /// <summary>Gets the likely tokens of the request: an estimate is never more than was reserved.</summary>
    private long Input => Math.Min(_request.Tokens(_model, _call), _request.WorstTokens(_model, _call));

    /// <summary>Gets the likely tokens of the answer so far.</summary>
    private long Output => Math.Min(Likely(_output) + Likely(_unfinishedCalls), _mostOutput);

    /// <summary>Reserves the worst case with every hook of the call, all or none, and starts the attempt's clock. The permit is the attempt's from then on.</summary>
    /// <exception cref="AttemptRefusedException">A hook refused, or money is limited and the model has no price.</exception>
    public static async ValueTask<Attempt> BeginAsync(
        LlmCall call, Model model, RequestFacts request, ISpendingHook[] hooks, long maxOutput, RatePermit? permit, string? purpose, CancellationToken cancellationToken)
    {
        call.BeginAttempt();
        var holds = default(AttemptHolds);
        try
        {
            if (hooks.Length > 0)
            {
                var input = request.WorstTokens(model, call);
                var worst = new Expense(model.Price?.WorstCase(input, maxOutput) ?? Money.Zero, input + maxOutput);
                var attempt = new AttemptRequest(call, model, input);
                foreach (var hook in hooks)
                    holds.Add(await hook.ReserveAsync(attempt, worst, cancellationToken).ConfigureAwait(false));
            }

            return new(call, model, request, holds, maxOutput, permit, purpose);
        }
        catch
        {
            holds.Release(call, model);
            permit?.Release();
            call.ForgetAttempt();
            throw;
        }
    }

    /// <summary>Takes the attempt back before anything was sent: it never was.</summary>
    public void Withdraw()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        _holds.Release(_call, _model);
        _permit?.Release();
        _call.ForgetAttempt();
    }

    /// <summary>Notes what an update brought: first content, usage, output seen.</summary>
    public void Observe(ChatResponseUpdate update)
    {
        _hasBegun = true;
        Observe(update.Contents);
        if (_firstContent < 0 && _sawOutput)
            _firstContent = _call.Time.GetElapsedTime(Sent).Ticks;
        if (!_holds.IsEmpty && _updates++ % UpdatesPerRenewal == 0)
            Renew();
    }

    /// <summary>Notes a whole answer.</summary>
    public void Observe(ChatResponse response)
    {
        Reported = TokenUsage.From(response.Usage);
        var needsNoCount = Reported is { Output: > 0 };
        var messages = response.Messages;
        for (var i = 0; i < messages.Count; i++)
        {
            var contents = (messages[i] ?? throw new NonsenseAnswerException(_model.Name)).Contents;
            if (!needsNoCount)
                Observe(contents);
            else if (contents.Contains(null!))
                throw new NonsenseAnswerException(_model.Name);
        }
    }

    /// <summary>Notes the beginnings of tool calls that are not whole yet.</summary>
    public void Observe(IReadOnlyList<ToolCallPiece> pieces)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            ref var calls = ref (_unfinishedCalls ??= new()).Value;
            if (pieces[i].Name is { } name)
            {
                calls.EndText();
                calls.Add(name);
                calls.EndText();
            }

            calls.Add(pieces[i].Arguments);
        }
    }

    /// <summary>Notes the usage of an answer that is not text.</summary>
    public void Observe(UsageDetails? usage) => Reported = TokenUsage.From(usage);

    public void Succeed() => End(failure: null, charged: true);

    /// <summary>Ends a failed attempt. What never reached the model, or what the provider itself refused, cost nothing; anything else is charged as far as it went.
    /// A stream that had begun was not refused, whatever ended it.</summary>
    public void Fail(ModelFailure failure, Exception? exception)
    {
        var mayHaveSpent = failure.Kind is ModelFailureKind.Timeout or ModelFailureKind.Cancelled or ModelFailureKind.Truncated
            || (failure.Kind == ModelFailureKind.Transient && failure.Status is null && !NeverSent(exception));
        End(failure, charged: _hasBegun || _sawOutput || _isReported || mayHaveSpent);
    }

    /// <summary>Ends an attempt that its reader left, or lost.</summary>
    public void Abandon() => Fail(new() { Kind = ModelFailureKind.Cancelled, Model = _model.Name }, exception: null);

    private static bool NeverSent(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }
                or SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable or SocketError.NetworkUnreachable })
                return true;
        }

        return false;
    }

    private void Observe(IList<AIContent> contents)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            switch (contents[i])
            {
                case UsageContent usage:
                    Reported = TokenUsage.Later(Reported, TokenUsage.From(usage.Details));
                    break;
                case TextContent text:
                    Count(text.Text);
                    break;
                case TextReasoningContent reasoning:
                    Count(reasoning.Text);
                    break;
                case FunctionCallContent call:
                    Count(call.Name);
                    _output?.Value.EndText();
                    Count(ToolText.Arguments(call));
                    _output?.Value.EndText();
                    // It is whole, and counted as that.
                    _unfinishedCalls = null;
                    break;
                case DataContent or UriContent:
                    _sawOutput = true;
                    break;
                case null:
                    throw new NonsenseAnswerException(_model.Name);
            }
        }
    }

    private long Likely(StrongBox<TokenScan>? scan) => scan is null ? 0 : _model.Calibration.Correct(scan.Value.Mix);

    private void Count(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        _sawOutput = true;
        (_output ??= new()).Value.Add(text);
    }

    private void End(ModelFailure? failure, bool charged)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        var ended = _call.Time.GetTimestamp();
        var estimated = false;
        var usage = charged ? UsageOf(Reported, isWhole: failure is null, out estimated) : default;
        var cost = _model.Price?.Cost(usage) ?? Money.Zero;
        if (failure is null && Reported is { } reported)
            _request.Teach(_model, _call, reported.Input);
        if (charged)
            _holds.Settle(new(cost, usage.Total), _call, _model);
        else
            _holds.Release(_call, _model);
        // A request that was sent was one, whatever became of it.
        _permit?.Settle(new(usage.Input, usage.Output));
        _model.Attempts?.Note(failure, ended, _call.Time);
        if (_model.HasFallbackPrice)
            AttemptTelemetry.FallbackPriced(_model.Name);
        _call.EndAttempt(
            new()
            {
                Model = _model.Name,
                Provider = _model.Provider,
                Purpose = _purpose ?? _call.Purpose,
                Started = _call.SinceStart(Sent),
                Duration = _call.Time.GetElapsedTime(Sent, ended),
                FirstContent = _firstContent < 0 ? null : new(_firstContent),
                Failure = failure,
                Usage = usage,
                Estimated = estimated,
                Spent = cost,
                Priced = _model.Price is not null,
                FallbackPriced = _model.HasFallbackPrice,
                Price = _model.Price,
            },
            cost);
    }

    /// <summary>What was reported; where a side was not, or was said to be nothing though there was text, what was estimated. Of an answer
    /// that broke off the provider may have reported only the beginning.</summary>
    private TokenUsage UsageOf(TokenUsage? reported, bool isWhole, out bool estimated)
    {
        var usage = reported ?? default;
        var output = Output;
        var lacksInput = usage.Input == 0 && Input > 0;
        var lacksOutput = isWhole ? usage.Output == 0 && output > 0 : usage.Output < output;
        estimated = reported is null || lacksInput || lacksOutput;
        return usage with { Input = lacksInput ? Input : usage.Input, Output = lacksOutput ? output : usage.Output };
    }

    private void Renew() =>
        _holds.Renew(SoFar(new() { Input = Input, Output = Output }), _call, _model);

    private Expense SoFar(in TokenUsage usage) => new(_model.Price?.Cost(usage) ?? Money.Zero, usage.Total);
}
